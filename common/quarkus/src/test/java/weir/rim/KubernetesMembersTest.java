package weir.rim;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSliceBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.server.mock.EnableKubernetesMockClient;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.members.MemberSource;
import weir.members.Sighting;
import weir.members.WatchedService;

@EnableKubernetesMockClient(crud = true, https = false)
class KubernetesMembersTest {
    @SuppressWarnings("NullAway.Init") // Set by the extension.
    KubernetesClient client;

    private final BlockingQueue<List<Sighting>> heard = new LinkedBlockingQueue<>();
    private final MemberSource.Listener listener = new MemberSource.Listener() {
        @Override
        public void found(List<Sighting> members) {
            heard.add(members);
        }

        @Override
        public void failed(String why) {
            throw new AssertionError(why);
        }
    };

    @Test
    void watch_endpointSlices_tellsOfPodsByNameAlsoThoseThatAreNotReady() throws Exception {
        create(slice(
                "gateway-a",
                "gateway",
                "IPv4",
                pod("gateway-0", "10.0.0.1", true),
                pod("gateway-1", "10.0.0.2", false)));
        create(slice("gateway-6", "gateway", "IPv6", pod("gateway-0", "fd00::1", true)));
        create(slice("other", "other", "IPv4", pod("other-0", "10.0.0.9", true)));
        try (MemberSource members = watch(service(List.of(4317), false, false))) {
            members.start(listener);

            assertThat(await(s -> s.size() == 2))
                    .containsExactly(
                            new Sighting(new Member("gateway-0", "10.0.0.1:4317"), true, true),
                            new Sighting(new Member("gateway-1", "10.0.0.2:4317"), false, true));

            replace(slice(
                    "gateway-a",
                    "gateway",
                    "IPv4",
                    pod("gateway-0", "10.0.0.1", true),
                    pod("gateway-1", "10.0.0.7", true)));
            create(slice("gateway-b", "gateway", "IPv4", pod("gateway-2", "10.0.0.3", true)));
            assertThat(await(s -> s.size() == 3))
                    .extracting(s -> s.member().address())
                    .containsExactlyInAnyOrder("10.0.0.1:4317", "10.0.0.7:4317", "10.0.0.3:4317");

            client.discovery()
                    .v1()
                    .endpointSlices()
                    .inNamespace("weir")
                    .withName("gateway-b")
                    .delete();
            assertThat(await(s -> s.size() == 2)).isNotEmpty();
        }
    }

    /** What the controller writes of a service that publishes addresses which are not ready. */
    @Test
    void watch_publishedThoughNotReady_isReadyByWhatServesAndDoesNotEnd() throws Exception {
        create(slice(
                "gateway-a",
                "gateway",
                "IPv4",
                published("gateway-0", "10.0.0.1", true, false),
                published("gateway-1", "10.0.0.2", false, false),
                published("gateway-2", "10.0.0.3", true, true)));
        try (MemberSource members = watch(service(List.of(4317), false, false))) {
            members.start(listener);

            assertThat(await(s -> s.size() == 3))
                    .filteredOn(Sighting::ready)
                    .extracting(s -> s.member().name())
                    .containsExactly("gateway-0");
        }
    }

    @Test
    void watch_severalPortsAndHostnames_nameAndReachEachPort() throws Exception {
        create(slice("gateway-a", "gateway", "IPv4", pod("gateway-0", "10.0.0.1", true)));
        try (MemberSource members = watch(service(List.of(1, 2), true, false))) {
            members.start(listener);

            assertThat(await(s -> s.size() == 2))
                    .extracting(Sighting::member)
                    .containsExactly(
                            new Member("gateway-0:1", "gateway-0.gateway.weir:1"),
                            new Member("gateway-0:2", "gateway-0.gateway.weir:2"));
        }
    }

    @Test
    void watch_podsWithoutHostNameOrForACollectorsRing_areNotStable() throws Exception {
        Endpoint loose = new EndpointBuilder(pod("gateway-x7f", "10.0.0.1", true))
                .withHostname(null)
                .build();
        create(slice("gateway-a", "gateway", "IPv4", loose));
        try (MemberSource members = watch(service(List.of(4317), false, false))) {
            members.start(listener);
            assertThat(await(s -> !s.isEmpty()))
                    .containsExactly(new Sighting(new Member("gateway-x7f", "10.0.0.1:4317"), true, false));
        }
        try (MemberSource members = watch(service(List.of(4317), false, true))) {
            members.start(listener);
            assertThat(await(s -> !s.isEmpty()))
                    .containsExactly(new Sighting(new Member("10.0.0.1:4317", "10.0.0.1:4317"), true, false));
        }
    }

    private MemberSource watch(WatchedService service) {
        return new KubernetesMembers(
                service,
                () -> new KubernetesClientBuilder()
                        .withConfig(client.getConfiguration())
                        .build());
    }

    private static WatchedService service(List<Integer> ports, boolean hostnames, boolean namedByEndpoint) {
        return new WatchedService("gateway", "weir", ports, hostnames, Duration.ofSeconds(20), namedByEndpoint);
    }

    private List<Sighting> await(Predicate<List<Sighting>> wanted) throws InterruptedException {
        while (true) {
            List<Sighting> next = heard.poll(20, TimeUnit.SECONDS);
            assertThat(next).as("what was watched for").isNotNull();
            if (next != null && wanted.test(next)) {
                return next;
            }
        }
    }

    private void create(EndpointSlice slice) {
        client.resource(slice).create();
    }

    private void replace(EndpointSlice slice) {
        client.resource(slice).update();
    }

    private static Endpoint pod(String name, String address, boolean ready) {
        return new EndpointBuilder()
                .withAddresses(address)
                .withHostname(name)
                .withNewTargetRef()
                .withKind("Pod")
                .withName(name)
                .endTargetRef()
                .withNewConditions()
                .withReady(ready)
                .endConditions()
                .build();
    }

    private static Endpoint published(String name, String address, boolean serving, boolean terminating) {
        return new EndpointBuilder(pod(name, address, true))
                .editConditions()
                .withServing(serving)
                .withTerminating(terminating)
                .endConditions()
                .build();
    }

    private static EndpointSlice slice(String name, String service, String type, Endpoint... endpoints) {
        return new EndpointSliceBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace("weir")
                .addToLabels("kubernetes.io/service-name", service)
                .endMetadata()
                .withAddressType(type)
                .withEndpoints(endpoints)
                .build();
    }
}
