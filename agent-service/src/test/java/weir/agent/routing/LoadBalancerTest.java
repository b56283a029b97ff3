package weir.agent.routing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.hash.Ring;
import weir.members.MemberSource;
import weir.members.WatchedService;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.pipeline.file.LoadResult;
import weir.pipeline.file.PipelineFiles;
import weir.testing.ChangingMembers;
import weir.testing.FakeComponents;
import weir.testing.ManualTimer;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;
import weir.testing.Waiting;
import weir.transport.client.Sender;
import weir.transport.members.Resolvers;

class LoadBalancerTest {
    private static final String TWO = "resolver: {static: {hostnames: [a=10.0.0.1, b=10.0.0.2:9]}}";
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("exporter", "load_balancing", Signal.TRACES, timer);
    private final Map<String, RecordingConsumer> backends = new TreeMap<>(
            Map.of("a", new RecordingConsumer(), "b", new RecordingConsumer(), "c", new RecordingConsumer()));
    private final List<String> addresses = new CopyOnWriteArrayList<>();
    private final List<Delivery> answers = new ArrayList<>();

    @AfterEach
    void everyItemIsAccountedFor() {
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void consume_request_isSplitAndEachPartSentToItsOwner() throws Exception {
        LoadBalancer balancer = balancer("{" + TWO + "}");

        balancer.consume(RouterTest.traces(1, 100, 20), answers::add);

        assertThat(answers).containsExactly(Delivery.ACCEPTED);
        assertThat(at("a").items()).isPositive();
        assertThat(at("b").items()).isPositive();
        assertThat(at("a").items() + at("b").items()).isEqualTo(100);
        assertThat(context.ledger().deliveredItems()).isEqualTo(100);
        assertThat(metric("otelcol_exporter_sent_spans", "exporter", "load_balancing"))
                .isEqualTo(100);
        assertThat(metric("otelcol_exporter_sent_spans", "endpoint", "b")).isEqualTo((double) at("b").items());
        assertThat(metric("otelcol_loadbalancer_backend_outcome", "endpoint", "a", "success", "true"))
                .isEqualTo(1);
        assertThat(metric("otelcol_loadbalancer_num_backends", "resolver", "static"))
                .isEqualTo(2);
    }

    @Test
    void consume_oneQueueIsFull_takesNothingAndSendsNoPartTwice() throws Exception {
        LoadBalancer balancer =
                balancer("{" + TWO + ", protocol: {otlp: {sending_queue: {queue_size: 1, num_consumers: 1}}}}");
        at("b").hold();
        balancer.consume(RouterTest.traces(1, 100, 20), answers::add);
        long toA = at("a").items();

        balancer.consume(RouterTest.traces(2, 100, 20), answers::add);

        assertThat(answers.get(1)).isInstanceOfSatisfying(Delivery.RetryLater.class, r -> {
            assertThat(r.reason()).isEqualTo(Reason.QUEUE_FULL);
            assertThat(r.message()).startsWith("b: ");
        });
        assertThat(at("a").items()).isEqualTo(toA);
        assertThat(context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(100);
        assertThat(metric("otelcol_exporter_enqueue_failed_spans", "exporter", "load_balancing"))
                .isEqualTo(100);

        at("b").completeNext(Delivery.ACCEPTED);
        at("b").answer(Delivery.ACCEPTED);
        balancer.consume(RouterTest.traces(2, 100, 20), answers::add);
        assertThat(answers.get(2)).isEqualTo(Delivery.ACCEPTED);
        assertThat(context.ledger().deliveredItems()).isEqualTo(200);
    }

    @Test
    void consume_oneBackendIsDown_theOtherGetsItsShare() throws Exception {
        LoadBalancer balancer = balancer("{" + TWO + "}");
        at("a").answer(LATER);

        for (int i = 0; i < 10; i++) {
            balancer.consume(RouterTest.traces(i, 100, 20), answers::add);
        }

        assertThat(answers).containsOnly(Delivery.ACCEPTED);
        assertThat(context.ledger().deliveredItems()).isEqualTo(at("b").items());
        assertThat(balancer.trouble()).isEqualTo("a: connection refused");
        at("a").answer(Delivery.ACCEPTED);
        timer.advance(Duration.ofSeconds(60));
        assertThat(context.ledger().deliveredItems()).isEqualTo(1000);
    }

    @Test
    void consume_queueInFront_keepsWhatBackendsHaveNoPlaceFor() throws Exception {
        LoadBalancer balancer = balancer("{" + TWO + ", sending_queue: {}, retry_on_failure: {},"
                + " protocol: {otlp: {sending_queue: {queue_size: 1, num_consumers: 1}}}}");
        at("b").hold();

        for (int i = 0; i < 5; i++) {
            balancer.consume(RouterTest.traces(i, 100, 20), answers::add);
        }
        assertThat(answers).hasSize(5).containsOnly(Delivery.ACCEPTED);
        assertThat(context.ledger().receivedItems()).isEqualTo(500);
        at("b").completeNext(Delivery.ACCEPTED);
        at("b").answer(Delivery.ACCEPTED);
        timer.advance(Duration.ofSeconds(60));

        assertThat(balancer.drain(Duration.ofSeconds(1))).isTrue();
        assertThat(context.ledger().deliveredItems()).isEqualTo(500);
        assertThat(metric("otelcol_exporter_sent_spans", "exporter", "load_balancing"))
                .isEqualTo(500);
    }

    @Test
    void close_partsHeld_areCountedAndLaterRequestsRefused() throws Exception {
        LoadBalancer balancer = balancer("{" + TWO + "}");
        at("a").hold();
        at("b").answer(LATER);
        balancer.consume(RouterTest.traces(1, 100, 20), answers::add);

        assertThat(balancer.drain(Duration.ofMillis(1))).isFalse();
        balancer.consume(RouterTest.traces(2, 100, 20), answers::add);
        balancer.close();

        assertThat(answers.get(1)).isInstanceOf(Delivery.RetryLater.class);
        assertThat(context.ledger().droppedItems(Reason.SHUTDOWN_INCOMPLETE)).isEqualTo(100);
        assertThat(context.ledger().refusedItems(Reason.SHUTTING_DOWN)).isEqualTo(100);
    }

    @Test
    void change_backendLeaves_whatWasHeldForItGoesToTheOthers() throws Exception {
        ChangingMembers turns = new ChangingMembers("a", "b");
        LoadBalancer balancer = balancer("{" + TWO + ", weir: {grace_period: 0s}}", turns);
        at("b").answer(LATER);
        balancer.consume(RouterTest.traces(1, 100, 20), answers::add);
        long toA = at("a").items();
        assertThat(balancer.trouble()).startsWith("b: ");
        assertThat(toA).isBetween(1L, 99L);

        turns.found("a");
        timer.advance(Duration.ofSeconds(2));

        Waiting.until(() -> at("a").items() == 100);
        Waiting.until(() -> context.ledger().deliveredItems() == 100);
        assertThat(context.ledger().receivedItems()).isEqualTo(100);
        assertThat(balancer.trouble()).isEmpty();
        Waiting.until(() -> {
            timer.advance(Duration.ofSeconds(30));
            return context.metrics().all().stream()
                    .noneMatch(m -> "b".equals(m.labels().get("endpoint")));
        });
        balancer.consume(RouterTest.traces(2, 100, 20), answers::add);
        assertThat(at("a").items()).isEqualTo(200);
    }

    @Test
    void change_backendIsAwayWithinGrace_keepsItsShareAndSendsItToTheNewAddressAtOnce() throws Exception {
        ChangingMembers turns = new ChangingMembers("a", "b");
        LoadBalancer balancer = balancer("{" + TWO + "}", turns);
        at("b").answer(LATER);
        turns.found("a");
        balancer.consume(RouterTest.traces(1, 100, 20), answers::add);
        timer.advance(Duration.ofSeconds(50));
        long toA = at("a").items();

        at("b").answer(Delivery.ACCEPTED);
        turns.found(new Member("a", "a:1"), new Member("b", "elsewhere:1"));
        timer.advance(Duration.ofSeconds(1));

        Waiting.until(() -> context.ledger().deliveredItems() == 100);
        assertThat(at("a").items()).isEqualTo(toA);
        Waiting.until(() -> addresses.contains("elsewhere:1"));
    }

    @Test
    void change_aThirdJoins_takesItsShareOfWhatComesFromThenOn() throws Exception {
        ChangingMembers turns = new ChangingMembers("a", "b");
        LoadBalancer balancer = balancer("{" + TWO + "}", turns);
        turns.found("a", "b", "c");
        timer.advance(Duration.ofSeconds(1));

        Waiting.until(() -> {
            balancer.consume(RouterTest.traces(1, 300, 60), answers::add);
            return at("c").items() > 0;
        });

        assertThat(at("c").items()).isBetween(30L, 200L);
        Waiting.until(() -> context.ledger().deliveredItems() == 300L * answers.size());
        assertThat(metric("otelcol_loadbalancer_num_backends", "resolver", "dns"))
                .isEqualTo(3);
        assertThat(metric("otelcol_loadbalancer_num_backend_updates", "resolver", "dns"))
                .isEqualTo(2);
    }

    @Test
    void consume_nobodyFoundYet_sendersAreToldToComeBack() throws Exception {
        LoadBalancer balancer = balancer("{" + TWO + "}", new ChangingMembers());

        balancer.consume(RouterTest.traces(1, 10, 2), answers::add);

        assertThat(answers.getFirst())
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.message()).contains("no backend was found yet"));
        assertThat(balancer.trouble()).contains("no backend was found yet");
        assertThat(context.ledger().refusedItems(Reason.BACKEND_UNAVAILABLE)).isEqualTo(10);
    }

    @Test
    void load_addresses_areNamedAndGivenTheirPort() {
        LoadBalancingConfig config = config("""
                {resolver: {static: {hostnames: [gw-0.gw, "gw-1.gw:4317", c=10.0.0.3, "::1"]}},
                 weir: {names: {"gw-1.gw:4317": b}}}""");

        assertThat(Resolvers.members(config.resolver(), config.weir().names(), Ring.RENDEZVOUS))
                .extracting(m -> m.name() + " " + m.address())
                .containsExactly(
                        "gw-0.gw:4317 gw-0.gw:4317", "b gw-1.gw:4317", "c 10.0.0.3:4317", "[::1]:4317 [::1]:4317");
    }

    @Test
    void load_forACollectorsRing_namesBackendsAsTheFileSpellsThem() {
        LoadBalancingConfig config =
                config("{resolver: {static: {hostnames: [gw-0.gw, \"gw-1.gw:4317\"]}}, weir: {ring: crc32_old}}");

        assertThat(config.weir().ring()).isEqualTo(Ring.CRC32_OLD);
        assertThat(Resolvers.members(config.resolver(), Map.of(), config.weir().ring()))
                .extracting(Member::name)
                .containsExactly("gw-0.gw", "gw-1.gw:4317");
    }

    @Test
    void load_otherResolvers_areTheCollectorsOptions() {
        LoadBalancingConfig config = config("""
                {resolver: {dns: {hostname: _otlp-grpc._tcp.gateway, port: 4317, interval: 2s, timeout: 500ms}},
                 routing_key: attributes, routing_attributes: [tenant, span.name]}""");
        assertThat(config.resolver().dns()).isNotNull();
        assertThat(load("{resolver: {dns: {hostname: gateway}}}").render(false))
                .contains("addresses are no stable names");
        assertThat(load("{resolver: {k8s: {service: gateway.weir, ports: [4317, 4318], return_hostnames: true}}}")
                        .render(false))
                .isEmpty();
        assertThat(load("{resolver: {k8s: {service: a.b.c, ports: [0]}, dns: {}}, routing_key: attributes}")
                        .render(false))
                .contains("write name or name.namespace")
                .contains("ports from 1 to 65535")
                .contains("'hostname' is missing");
        assertThat(load("{resolver: {}, routing_key: attributes}").render(false))
                .contains("exactly one of static, dns and k8s")
                .contains("name at least one attribute");
        assertThat(load("{" + TWO + ", routing_key: streamID, routing_attributes: [x], weir: {ring: crc32}}")
                        .render(false))
                .contains("collectors' rings are not for routing_key streamID")
                .contains("has no effect");
    }

    @Test
    void load_mistakes_areAllTold() {
        LoadResult result = load("""
                {routing_key: color, resolver: {static: {hostnames: [a=x, a=y, "z:port"]}},
                 weir: {names: {q: b}, max_queue_mib: 0},
                 protocol: {otlp: {endpoint: x, compression: lz4, sending_queue: {enabled: false, wait_for_result: true}}}}""");

        assertThat(result.model()).isNull();
        assertThat(result.render(false))
                .contains("\"color\" is not one of the keys")
                .contains("a second backend named \"a\"")
                .contains("\"port\" is no port")
                .contains("\"q\" is not an entry")
                .contains("must be from 1 to 1048576")
                .contains("\"lz4\" is not one of")
                .contains("each backend keeps its queue all the same")
                .contains("not for a backend's queue")
                .contains("endpoint");
    }

    @Test
    void create_traceIdForMetrics_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LoadBalancingExporterFactory(WatchedService.Watch.NONE)
                        .create(
                                TestContexts.of("exporter", "load_balancing", Signal.METRICS),
                                config("{routing_key: traceID, " + TWO + "}")))
                .withMessageContaining("routed by one of: service, resource, metric, streamID");
    }

    private RecordingConsumer at(String name) {
        return Objects.requireNonNull(backends.get(name));
    }

    private double metric(String name, String... labels) {
        return context.metrics().value(name, labels);
    }

    private LoadBalancer balancer(String section) throws Exception {
        LoadBalancingConfig config = config(section);
        return balancer(
                section,
                Resolvers.of(
                        config.resolver(), config.weir().names(), Ring.RENDEZVOUS, WatchedService.Watch.NONE, context));
    }

    private LoadBalancer balancer(String section, MemberSource source) throws Exception {
        LoadBalancer made = new LoadBalancer(context, config(section), RoutingKey.TRACE_ID, source, member -> {
            addresses.add(member.address());
            return new FakeSender(at(member.name()));
        });
        made.start();
        return made;
    }

    private static LoadBalancingConfig config(String section) {
        LoadResult result = load(section);
        assertThat(result.render(false)).isEmpty();
        return (LoadBalancingConfig)
                Objects.requireNonNull(result.orThrow().find(Kind.EXPORTER, ComponentId.parse("loadbalancing")))
                        .config();
    }

    private static LoadResult load(String section) {
        List<ComponentFactory<?>> factories =
                new ArrayList<>(new FakeComponents().components().all());
        factories.add(new LoadBalancingExporterFactory(WatchedService.Watch.NONE));
        String text = """
                receivers:
                  in:
                exporters:
                  loadbalancing:
                %s
                service:
                  pipelines:
                    traces: {receivers: [in], exporters: [loadbalancing]}
                """.formatted(section.indent(4));
        return PipelineFiles.load("agent.yaml", text, Components.of("agent", factories), _ -> null);
    }

    /** A backend in memory. */
    private record FakeSender(RecordingConsumer backend) implements Sender {
        @Override
        public void start() {}

        @Override
        public void consume(Batch batch, DeliveryCallback done) {
            backend.consume(batch, done);
        }

        @Override
        public void close() {}
    }
}
