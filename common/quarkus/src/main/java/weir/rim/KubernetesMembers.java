package weir.rim;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.hash.Member;
import weir.members.MemberSource;
import weir.members.Sighting;
import weir.members.WatchedService;

/**
 * Members that are the endpoints of a Kubernetes service, watched through its EndpointSlices (get, list and watch of
 * endpointslices in the service's namespace is all it needs). A member's name is its pod's. Endpoints that are not ready or
 * terminating are told of as well: with {@code publishNotReadyAddresses} a pod of a StatefulSet is there all the time while it
 * restarts. Safe for use by any thread.
 */
public final class KubernetesMembers implements MemberSource {
    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final String IPV4 = "IPv4";

    private final WatchedService service;
    private final Supplier<KubernetesClient> clients;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable KubernetesClient client;
    private @Nullable SharedIndexInformer<EndpointSlice> informer;
    private volatile boolean listed;
    private volatile boolean failed;
    private volatile boolean closed;

    KubernetesMembers(WatchedService service, Supplier<KubernetesClient> clients) {
        this.service = service;
        this.clients = clients;
    }

    /** One that finds the API server as pods do, or as kubectl does. */
    public static MemberSource of(WatchedService service) {
        return new KubernetesMembers(service, () -> new KubernetesClientBuilder().build());
    }

    @Override
    public String kind() {
        return "k8s";
    }

    @Override
    public void start(Listener listener) {
        lock.lock();
        try {
            KubernetesClient made = clients.get();
            client = made;
            String namespace = namespace(made);
            SharedIndexInformer<EndpointSlice> slices = made.discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace(namespace)
                    .withLabel(SERVICE_LABEL, service.name())
                    .runnableInformer(0);
            informer = slices;
            slices.addEventHandler(new Changes(() -> tell(listener, slices, namespace)));
            slices.exceptionHandler((_, failure) -> {
                fail(listener, describe(namespace, failure));
                return true;
            });
            var _ = slices.start()
                    .toCompletableFuture()
                    .copy()
                    .orTimeout(service.timeout().toMillis(), TimeUnit.MILLISECONDS)
                    .whenComplete((_, failure) -> {
                        // What was told of before says more than that the time is over.
                        if (failure != null && !(failed && failure instanceof TimeoutException)) {
                            fail(listener, describe(namespace, failure));
                        }
                        // After a timeout the informer goes on by itself, and each slice that comes is told of.
                        listed = true;
                        tell(listener, slices, namespace);
                    });
        } finally {
            lock.unlock();
        }
    }

    private void fail(Listener listener, String why) {
        failed = true;
        if (!closed) {
            listener.failed(why);
        }
    }

    private String namespace(KubernetesClient of) {
        return service.namespace().isEmpty()
                ? Objects.requireNonNullElse(of.getNamespace(), "default")
                : service.namespace();
    }

    private String describe(String namespace, Throwable told) {
        Throwable failure = told instanceof CompletionException && told.getCause() != null ? told.getCause() : told;
        String what = "endpointslices of service " + service.name() + " in namespace " + namespace;
        if (failure instanceof KubernetesClientException refused && refused.getCode() == 403) {
            return "may not list " + what + ": a Role must allow get, list and watch of endpointslices in"
                    + " discovery.k8s.io there";
        }
        if (failure instanceof TimeoutException) {
            return "cannot list " + what + ": the API server did not answer within "
                    + service.timeout().toSeconds() + " s";
        }
        return "cannot list " + what + ": "
                + Objects.requireNonNullElse(
                        failure.getMessage(), failure.getClass().getSimpleName());
    }

    private void tell(Listener listener, SharedIndexInformer<EndpointSlice> slices, String namespace) {
        if (listed && slices.hasSynced()) {
            listener.found(sightings(slices.getStore().list(), namespace));
        }
    }

    /** Of a pod that is seen twice, the sighting that is ready comes first. */
    private List<Sighting> sightings(List<EndpointSlice> slices, String namespace) {
        boolean v4 = slices.stream()
                .anyMatch(s -> IPV4.equals(s.getAddressType()) && !endpoints(s).isEmpty());
        List<Sighting> seen = new ArrayList<>();
        slices.stream()
                .filter(slice -> !v4 || IPV4.equals(slice.getAddressType()))
                .flatMap(slice -> endpoints(slice).stream())
                .filter(e -> e.getAddresses() != null && !e.getAddresses().isEmpty())
                .forEach(endpoint -> service.ports().forEach(port -> seen.add(sighting(endpoint, port, namespace))));
        seen.sort(Comparator.comparing(Sighting::ready).reversed());
        return seen;
    }

    private static List<Endpoint> endpoints(EndpointSlice slice) {
        return Objects.requireNonNullElse(slice.getEndpoints(), List.of());
    }

    private Sighting sighting(Endpoint endpoint, int port, String namespace) {
        String ip = endpoint.getAddresses().getFirst();
        String hostname = endpoint.getHostname();
        String host = hostname == null || hostname.isEmpty() ? "" : hostname + "." + service.name() + "." + namespace;
        String address =
                (service.hostnames() && !host.isEmpty() ? host : ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
        // Only pods of a StatefulSet have a host name, and only they come back under it.
        boolean stable = !host.isEmpty() && !service.namedByEndpoint();
        String suffix = service.ports().size() > 1 ? ":" + port : "";
        String name = service.namedByEndpoint() ? address : name(endpoint, ip) + suffix;
        return new Sighting(new Member(name, address), isReady(endpoint), stable);
    }

    private static String name(Endpoint endpoint, String ip) {
        String hostname = endpoint.getHostname();
        if (hostname != null && !hostname.isEmpty()) {
            return hostname;
        }
        var pod = endpoint.getTargetRef();
        return pod == null || pod.getName() == null ? ip : pod.getName();
    }

    /**
     * Whether the pod's readiness probe says that it takes requests. Of a service that publishes addresses which are not ready,
     * {@code ready} is true of every endpoint, and only {@code serving} tells. What says nothing is taken for ready, as the
     * API has it.
     */
    private static boolean isReady(Endpoint endpoint) {
        var conditions = endpoint.getConditions();
        if (conditions == null) {
            return true;
        }
        boolean ready = Objects.requireNonNullElse(conditions.getReady(), true);
        return Objects.requireNonNullElse(conditions.getServing(), ready)
                && !Objects.requireNonNullElse(conditions.getTerminating(), false);
    }

    @Override
    public void close() {
        closed = true;
        lock.lock();
        try {
            if (informer != null) {
                informer.stop();
            }
            if (client != null) {
                client.close();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Every change is told in the same way: the store has them all. */
    private record Changes(Runnable tell) implements ResourceEventHandler<EndpointSlice> {
        @Override
        public void onAdd(EndpointSlice slice) {
            tell.run();
        }

        @Override
        public void onUpdate(EndpointSlice before, EndpointSlice now) {
            tell.run();
        }

        @Override
        public void onDelete(EndpointSlice slice, boolean stateUnknown) {
            tell.run();
        }
    }
}
