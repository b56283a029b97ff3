package weir.gateway.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.sun.management.ThreadMXBean;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.hash.Membership;
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
import weir.transport.client.GrpcSettings;
import weir.transport.client.Sender;

class OwnershipTest {
    private static final String SECTION = "{name: b, resolver: {static: {hostnames: [a=h:1, b=h:2, c=h:3]}}}";
    private static final Delivery LATER =
            Delivery.retryLater(Duration.ZERO, Reason.BACKEND_UNAVAILABLE, "connection refused");
    private static final long SAME_MEMBERS = members("a", "b", "c").fingerprint();

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("processor", "ownership", Signal.TRACES, timer);
    private final Map<String, RecordingConsumer> others = new TreeMap<>(
            Map.of("a", new RecordingConsumer(), "c", new RecordingConsumer(), "d", new RecordingConsumer()));
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> answers = new ArrayList<>();
    private final ChangingMembers source = new ChangingMembers();
    private final Ownership ownership = new Ownership(
            context, config(SECTION), source, member -> new FakeSender(at(member.name())), OwnershipTest::noPeer, next);

    private static Peer noPeer(ComponentContext context, GrpcSettings settings, String name) {
        throw new AssertionError("nobody is to be told anything");
    }

    @AfterEach
    void everyItemIsAccountedFor() {
        ownership.close();
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
        assertThat(context.held().bytes()).isZero();
    }

    @Test
    void consume_fromAnySender_passesOnTheOwnAndForwardsTheRestMarked() throws Exception {
        start("a", "b", "c");
        Batch batch = traces(1, 300, 60);

        ownership.consume(batch, answers::add);

        assertThat(answers).containsExactly(Delivery.ACCEPTED);
        assertThat(next.items() + at("a").items() + at("c").items()).isEqualTo(300);
        assertThat(owners(next.batches())).containsOnly("b");
        assertThat(owners(at("a").batches())).containsOnly("a");
        assertThat(owners(at("c").batches())).containsOnly("c");
        assertThat(at("a").batches().getFirst().isForwarded()).isTrue();
        assertThat(at("a").batches().getFirst().routedBy()).isEqualTo(SAME_MEMBERS);
        assertThat(context.ledger().deliveredItems()).isEqualTo(300);
        assertThat(spans("forwarded")).isEqualTo((double) (300 - next.items()));
        assertThat(spans("found")).isEqualTo((double) next.items());
    }

    @Test
    void consume_senderKnewTheSameMembers_isNotLookedAt() throws Exception {
        start("a", "b", "c");
        Batch batch = traces(1, 300, 60).routed(SAME_MEMBERS, false);

        ownership.consume(batch, answers::add);

        assertThat(next.items()).isEqualTo(300);
        assertThat(next.batches().getFirst().bytes()).isSameAs(batch.bytes());
        assertThat(spans("chosen")).isEqualTo(300);
    }

    @Test
    void consume_forwardedByOneWhoKnowsOthers_isRefusedForAWhileAndThenTakenButNeverForwarded() throws Exception {
        start("a", "b", "c");
        Batch batch = traces(1, 300, 60).routed(77, true);

        ownership.consume(batch, answers::add);
        timer.advance(Duration.ofSeconds(29));
        ownership.consume(batch, answers::add);
        assertThat(answers)
                .hasSize(2)
                .allSatisfy(a -> assertThat(a)
                        .isInstanceOfSatisfying(
                                Delivery.RetryLater.class,
                                r -> assertThat(r.reason()).isEqualTo(Reason.NOT_OWNER)));
        assertThat(next.items()).isZero();

        timer.advance(Duration.ofSeconds(1));
        ownership.consume(batch, answers::add);
        assertThat(answers.getLast()).isEqualTo(Delivery.ACCEPTED);
        assertThat(next.items()).isEqualTo(300);
        assertThat(spans("disagreed")).isEqualTo(300);
        assertThat(at("a").items() + at("c").items()).isZero();
    }

    @Test
    void consume_forwardedByOneWhoKnowsOthersButAllOwn_isTaken() throws Exception {
        start("a", "b", "c");
        ownership.consume(traces(1, 300, 60), answers::add);
        Batch own = next.batches().getFirst().routed(77, true);

        ownership.consume(own, answers::add);

        assertThat(answers.get(1)).isEqualTo(Delivery.ACCEPTED);
        assertThat(spans("disagreed")).isZero();
    }

    @Test
    void consume_ownerIsAway_isHeldUntilItIsBackAndRefusedWholeWhenThereIsNoRoom() throws Exception {
        start("a", "b", "c");
        at("a").answer(LATER);
        ownership.consume(traces(1, 300, 60), answers::add);
        long held = context.ledger().heldItems();
        assertThat(held).isPositive();
        assertThat(ownership.trouble()).isEmpty();
        for (int i = 0; answers.getLast() instanceof Delivery.Accepted; i++) {
            ownership.consume(traces(i, 300, 60), answers::add);
        }
        assertThat(answers.getLast())
                .isInstanceOfSatisfying(
                        Delivery.RetryLater.class, r -> assertThat(r.reason()).isEqualTo(Reason.QUEUE_FULL));
        long passedOn = next.items();

        at("a").answer(Delivery.ACCEPTED);
        timer.advance(Duration.ofMinutes(2));

        assertThat(next.items()).isEqualTo(passedOn);
        assertThat(context.ledger().deliveredItems()).isEqualTo(300L * (answers.size() - 1));
        assertThat(context.ledger().refusedItems(Reason.QUEUE_FULL)).isEqualTo(300);
    }

    @Test
    void consume_samplerRefuses_nobodyGetsAnythingAndTheSenderComesBack() throws Exception {
        start("a", "b", "c");
        next.answer(LATER);

        ownership.consume(traces(1, 300, 60), answers::add);

        assertThat(answers).containsExactly(LATER);
        assertThat(at("a").items() + at("c").items()).isZero();
        assertThat(context.ledger().refusedItems(Reason.BACKEND_UNAVAILABLE)).isEqualTo(300);
        next.answer(Delivery.ACCEPTED);
        ownership.consume(traces(1, 300, 60), answers::add);
        assertThat(context.ledger().deliveredItems()).isEqualTo(300);
    }

    @Test
    void consume_samplerRejects_theOthersAreServedAllTheSame() throws Exception {
        start("a", "b", "c");
        next.answer(Delivery.rejected(Reason.INTERNAL_ERROR, "no"));

        ownership.consume(traces(1, 300, 60), answers::add);

        long mine = next.items();
        assertThat(answers.getFirst()).isEqualTo(new Delivery.Partial(mine, Reason.INTERNAL_ERROR, "no"));
        assertThat(at("a").items() + at("c").items()).isEqualTo(300 - mine);
        assertThat(context.ledger().refusedItems(Reason.INTERNAL_ERROR)).isEqualTo(mine);
    }

    @Test
    void change_whatWasHeldForOneThatLeft_goesToItsNewOwnersThisGatewayAmongThem() throws Exception {
        start("a", "b", "c");
        at("a").answer(LATER);
        ownership.consume(traces(1, 300, 60), answers::add);
        long before = next.items();
        long toA = context.ledger().heldItems();

        source.found("b", "c");
        timer.advance(Duration.ofSeconds(61));

        Waiting.until(() -> context.ledger().deliveredItems() == 300);
        assertThat(next.items()).isGreaterThan(before);
        assertThat(next.items() + at("c").items()).isEqualTo(300);
        assertThat(toA).isPositive();
    }

    @Test
    void change_oneJoins_whatIsHeldForOthersIsLookedAtAnew() throws Exception {
        start("a", "b", "c");
        at("a").answer(LATER);
        ownership.consume(traces(1, 600, 120), answers::add);

        source.found("a", "b", "c", "d");
        timer.advance(Duration.ofSeconds(1));
        Waiting.until(() -> at("d").items() > 0);
        at("a").answer(Delivery.ACCEPTED);
        timer.advance(Duration.ofMinutes(1));

        Waiting.until(() -> context.ledger().deliveredItems() == 600);
        assertThat(at("d").batches().getFirst().routedBy())
                .isEqualTo(members("a", "b", "c", "d").fingerprint());
    }

    @Test
    void send_ofWhatIsHeldBehind_goesMarkedPastAllQueuesAndIsAnsweredByTheOwner() throws Exception {
        start("a", "b", "c");
        Batch batch = traces(1, 10, 2).routed(SAME_MEMBERS, false);
        at("a").then(LATER);

        ownership.send(batch, 0, answers::add);
        ownership.send(batch, 0, answers::add);

        assertThat(answers).containsExactly(LATER, Delivery.ACCEPTED);
        assertThat(at("a").batches()).hasSize(2).allMatch(Batch::isForwarded);
        assertThat(spans("handed_over")).isEqualTo(10);
        assertThat(ownership.members().fingerprint()).isEqualTo(SAME_MEMBERS);
        assertThat(ownership.self()).isEqualTo("b");
        assertThat(ownership.bytesPerSecond()).isEqualTo(64L << 20);
    }

    @Test
    void send_chosenAmongOtherMembers_reachesNobody() throws Exception {
        start("a", "b", "c");

        ownership.send(traces(1, 10, 2).routed(77, true), 0, answers::add);

        assertThat(answers).hasSize(1).hasOnlyElementsOfType(Delivery.RetryLater.class);
        assertThat(at("a").items()).isZero();
    }

    @Test
    void consume_nobodyKnownOrDraining_sendersAreToldToComeBack() throws Exception {
        ownership.consume(traces(1, 10, 2), answers::add);
        assertThat(ownership.trouble()).contains("no backend was found yet");
        start("a", "b", "c");
        ownership.drain(Duration.ZERO);
        ownership.consume(traces(1, 10, 2), answers::add);

        assertThat(answers).hasSize(2).hasOnlyElementsOfType(Delivery.RetryLater.class);
        assertThat(context.ledger().refusedItems()).isEqualTo(20);
    }

    @Test
    void consume_notAmongTheMembers_forwardsAll() throws Exception {
        start("a", "c");

        ownership.consume(traces(1, 300, 60), answers::add);

        assertThat(next.items()).isZero();
        assertThat(at("a").items() + at("c").items()).isEqualTo(300);
    }

    @Test
    void cut_manySpans_makesNoObjectPerSpan() throws Exception {
        Membership members = members("a", "b", "c");
        Cutter cutter = new Cutter();
        Batch batch = traces(1, 2000, 400);
        for (int i = 0; i < 50; i++) {
            cutter.cut(batch, members, 1);
        }
        var thread = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = thread.getCurrentThreadAllocatedBytes();
        @Nullable Batch[] parts = Objects.requireNonNull(cutter.cut(batch, members, 1));
        long allocated = thread.getCurrentThreadAllocatedBytes() - before;

        assertThat(allocated
                        - Stream.of(parts)
                                .mapToLong(p -> p == null ? 0 : p.length())
                                .sum())
                .isLessThan(2000);
    }

    @Test
    void load_mistakes_areTold() {
        assertThat(
                        load("{resolver: {dns: {hostname: gateway}}, agree_within: 1h, max_queue_mib: 0, max_hand_over_mib_per_second: 0}")
                                .render(false))
                .contains("gateways must know each other by stable names")
                .contains("must be from 0s to 10m")
                .contains("must be from 1 to 1048576")
                .contains("must be from 1 to 16384");
        assertThat(load("{}").render(false)).contains("exactly one of static, dns and k8s");
    }

    private void start(String... names) throws Exception {
        source.first(names);
        ownership.start();
    }

    private RecordingConsumer at(String name) {
        return Objects.requireNonNull(others.get(name));
    }

    private double spans(String how) {
        return context.metrics().value("weir_ownership_spans", "how", how);
    }

    private static Membership members(String... names) {
        return Membership.of(Stream.of(names).map(n -> new Member(n, n + ":1")).toList(), 1);
    }

    /** The owners of the traces of which there are spans. */
    private static Set<String> owners(List<Batch> batches) throws Exception {
        Membership members = members("a", "b", "c");
        Set<String> owners = new HashSet<>();
        for (Batch batch : batches) {
            ExportTraceServiceRequest.parseFrom(ByteString.copyFrom(batch.bytes(), batch.offset(), batch.length()))
                    .getResourceSpansList()
                    .forEach(r -> r.getScopeSpans(0).getSpansList().forEach(s -> {
                        ByteBuffer id = s.getTraceId().asReadOnlyByteBuffer();
                        int owner = members.ownerOf(id.getLong(), id.getLong());
                        owners.add(members.members().get(owner).name());
                    }));
        }
        return owners;
    }

    private static Batch traces(int seed, int spans, int traces) {
        Random random = new Random(seed);
        long[] high = random.longs(traces).toArray();
        long[] low = random.longs(traces).toArray();
        var request = ExportTraceServiceRequest.newBuilder();
        var scope = request.addResourceSpansBuilder().addScopeSpansBuilder();
        for (int i = 0; i < spans; i++) {
            ByteBuffer id = ByteBuffer.allocate(16).putLong(high[i % traces]).putLong(low[i % traces]);
            scope.addSpansBuilder()
                    .setTraceId(ByteString.copyFrom(id.flip()))
                    .setSpanId(ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, (byte) (i >> 8), (byte) i}))
                    .setName("span " + i);
        }
        return Batch.of(Signal.TRACES, request.build().toByteArray(), spans);
    }

    private static OwnershipConfig config(String section) {
        LoadResult result = load(section);
        assertThat(result.render(false)).isEmpty();
        return (OwnershipConfig)
                Objects.requireNonNull(result.orThrow().find(Kind.PROCESSOR, ComponentId.parse("ownership")))
                        .config();
    }

    private static LoadResult load(String section) {
        List<ComponentFactory<?>> factories =
                new ArrayList<>(new FakeComponents().components().all());
        factories.add(new OwnershipFactory(WatchedService.Watch.NONE, OwnershipTest::noPeer));
        String text = """
                receivers:
                  in:
                processors:
                  ownership:
                %s
                exporters:
                  out:
                service:
                  pipelines:
                    traces: {receivers: [in], processors: [ownership], exporters: [out]}
                """.formatted(section.indent(4));
        return PipelineFiles.load("gateway.yaml", text, Components.of("gateway", factories), _ -> null);
    }

    /** Another gateway in memory. */
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
