package weir.members;

import java.util.List;
import weir.hash.Member;

/** Members that a file names; they never change. */
public record StaticMembers(List<Member> members) implements MemberSource {
    @Override
    public String kind() {
        return "static";
    }

    @Override
    public void start(Listener listener) {
        listener.found(members.stream().map(m -> new Sighting(m, true, true)).toList());
    }

    @Override
    public void close() {}
}
