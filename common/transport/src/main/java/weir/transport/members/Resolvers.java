package weir.transport.members;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import weir.hash.Member;
import weir.hash.Ring;
import weir.members.MemberSource;
import weir.members.StaticMembers;
import weir.members.WatchedService;
import weir.pipeline.ComponentContext;
import weir.transport.client.GrpcTarget;

/** Makes what a {@link ResolverConfig} asks for. */
public final class Resolvers {
    private Resolvers() {}

    /**
     * What finds the members.
     *
     * @param names names that entries of a static list have besides
     * @param ring the collector's rings know a member by its endpoint as the collector spells it, and by no other name
     */
    public static MemberSource of(
            ResolverConfig config,
            Map<String, String> names,
            Ring ring,
            WatchedService.Watch watch,
            ComponentContext context) {
        boolean byEndpoint = ring != Ring.RENDEZVOUS;
        var dns = config.dns();
        var k8s = config.k8s();
        if (dns != null) {
            return new DnsMembers(dns, byEndpoint, context);
        }
        if (k8s != null) {
            int dot = k8s.service().indexOf('.');
            return watch.of(new WatchedService(
                    dot < 0 ? k8s.service() : k8s.service().substring(0, dot),
                    dot < 0 ? "" : k8s.service().substring(dot + 1),
                    k8s.ports(),
                    k8s.returnHostnames(),
                    k8s.timeout(),
                    byEndpoint));
        }
        return new StaticMembers(members(config, names, ring));
    }

    /** The members that the file names; none if it names none. @throws IllegalArgumentException for an entry that is no address */
    public static List<Member> members(ResolverConfig config, Map<String, String> names, Ring ring) {
        List<Member> members = new ArrayList<>();
        var fixed = config.fixed();
        if (fixed != null) {
            fixed.hostnames().forEach(entry -> members.add(member(entry, names, ring)));
        }
        return members;
    }

    /** The member that an entry of a static list stands for. */
    public static Member member(String entry, Map<String, String> names, Ring ring) {
        int equals = entry.indexOf('=');
        String address = withPort(entry.substring(equals + 1).strip());
        GrpcTarget.parse(address);
        if (ring != Ring.RENDEZVOUS) {
            return new Member(entry.strip(), address);
        }
        String named = equals > 0 ? entry.substring(0, equals).strip() : address;
        return new Member(names.getOrDefault(entry, named), address);
    }

    /** The collector adds a port only for dialing, so that agents which spell it differently disagree on who owns what. */
    private static String withPort(String address) {
        boolean bareIpv6 = !address.startsWith("[") && address.indexOf(':') != address.lastIndexOf(':');
        if (bareIpv6) {
            return "[" + address + "]:" + ResolverConfig.DEFAULT_PORT;
        }
        return address.lastIndexOf(':') > address.lastIndexOf(']')
                ? address
                : address + ":" + ResolverConfig.DEFAULT_PORT;
    }
}
