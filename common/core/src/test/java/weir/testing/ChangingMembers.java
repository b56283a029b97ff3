package weir.testing;

import java.util.List;
import java.util.stream.Stream;
import weir.hash.Member;
import weir.members.MemberSource;
import weir.members.Sighting;

/** Members that a test changes, all of them ready and of stable names; the change comes about within a second. */
public final class ChangingMembers implements MemberSource {
    private String[] first;
    private Listener listener = new Listener() {
        @Override
        public void found(List<Sighting> members) {}

        @Override
        public void failed(String why) {}
    };

    /** @param first who is found at the start; nobody: nothing is said then */
    public ChangingMembers(String... first) {
        this.first = first.clone();
    }

    /** To be called before the start: who is found then. */
    public void first(String... names) {
        first = names.clone();
    }

    @Override
    public String kind() {
        return "dns";
    }

    @Override
    public void start(Listener to) {
        listener = to;
        if (first.length > 0) {
            found(first);
        }
    }

    /** Each at port 1 of a host of its name. */
    public void found(String... names) {
        found(Stream.of(names).map(n -> new Member(n, n + ":1")).toArray(Member[]::new));
    }

    public void found(Member... members) {
        listener.found(Stream.of(members).map(m -> new Sighting(m, true, true)).toList());
    }

    @Override
    public void close() {}
}
