package weir.members;

import java.time.Duration;
import java.util.List;

/**
 * A Kubernetes service whose endpoints are the members.
 *
 * @param namespace empty: that of the own pod
 * @param ports those of the endpoints to use; with several, each port of a pod is a member
 * @param hostnames whether to reach members by their names within the service, rather than by their addresses
 * @param timeout how long a look may take before it has failed
 * @param namedByEndpoint whether a member's name is its endpoint as the collector spells it, rather than its pod's name
 */
public record WatchedService(
        String name,
        String namespace,
        List<Integer> ports,
        boolean hostnames,
        Duration timeout,
        boolean namedByEndpoint) {
    /** Makes what watches a service: the one source that needs a client of Kubernetes, which not every part of Weir has. */
    @FunctionalInterface
    public interface Watch {
        /** One that is not there. */
        Watch NONE = service -> {
            throw new IllegalStateException("this process has no client of Kubernetes");
        };

        MemberSource of(WatchedService service);
    }
}
