package weir.processor;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import weir.exporter.nop.NopExporterFactory;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Components.Kind;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.JoinsNext;
import weir.pipeline.Processor;
import weir.pipeline.Reason;
import weir.pipeline.Reloadable;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel.Configured;
import weir.processor.filter.FilterProcessorFactory;
import weir.processor.transform.TransformProcessorFactory;
import weir.receiver.nop.NopReceiverFactory;
import weir.testing.RandomSpans;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;

/** Processors in a row that go over requests together do what they do one by one: the same bytes, answers and books. */
class JoinedProcessorsTest {
    private static final String PROCESSORS = """
            receivers: {nop: {}}
            exporters: {nop: {}}
            processors:
              filter/names:
                error_mode: ignore
                trace_conditions: ['span.name == "GET /"', 'span.attributes["http.route"] == "/cart"']
              filter/hosts:
                error_mode: ignore
                trace_conditions: ['resource.attributes["host.name"] == "a"']
              filter/propagating:
                trace_conditions: ['Int(span.attributes["http.request.method"]) + 1 == 2']
              transform/clean:
                error_mode: ignore
                trace_statements:
                  - {context: resource, statements: ['delete_key(resource.attributes, "host.name")']}
                  - {context: span, statements: ['delete_key(span.attributes, "cache.hit")']}
              transform/rename:
                error_mode: ignore
                trace_statements:
                  - context: span
                    conditions: ['span.kind == SPAN_KIND_CLIENT']
                    statements:
                      - set(span.name, "client")
                      - set(span.attributes["method"], span.attributes["http.request.method"])
              transform/up:
                error_mode: ignore
                trace_statements:
                  - {context: span, statements: ['set(resource.attributes["last"], span.name)']}
              transform/down:
                error_mode: ignore
                trace_statements:
                  - {context: span, statements: ['set(span.attributes["last"], resource.attributes["last"])']}
              transform/events:
                error_mode: ignore
                trace_statements:
                  - context: spanevent
                    statements: ['set(span.attributes["events"], spanevent.attributes["exception.type"])']
                  - {context: span, statements: ['set(span.attributes["seen"], span.attributes["events"])']}
              transform/failing:
                error_mode: propagate
                trace_statements:
                  - context: span
                    statements: ['set(span.attributes["n"], 1 + span.attributes["http.response.status_code"])']
            service: {pipelines: {traces: {receivers: [nop], processors: [%s], exporters: [nop]}}}
            """;

    private static final Components COMPONENTS = Components.of(
            "gateway",
            new NopReceiverFactory(),
            new FilterProcessorFactory(),
            new TransformProcessorFactory(),
            new NopExporterFactory());

    /** Processors of a pipeline, the first first. */
    private static final class Chain {
        private final List<ComponentContext> contexts = new ArrayList<>();
        private final List<Processor> processors = new ArrayList<>();
        private final List<Integer> batchesBetween = new ArrayList<>();
        private final RecordingConsumer end = new RecordingConsumer();
        private final List<Delivery> answers = new ArrayList<>();

        Chain(List<String> ids, boolean joined) throws Exception {
            var model = PipelineFiles.load(
                            "f.yaml", PROCESSORS.formatted(String.join(", ", ids)), COMPONENTS, _ -> null)
                    .orThrow();
            Consumer next = end;
            for (String id : ids.reversed()) {
                Processor made = make(requireNonNull(model.find(Kind.PROCESSOR, ComponentId.parse(id))), next);
                if (joined && !processors.isEmpty() && made instanceof JoinsNext joining) {
                    joining.joinNext(processors.getFirst());
                }
                processors.addFirst(made);
                next = (batch, done) -> {
                    batchesBetween.add(batch.items());
                    made.consume(batch, done);
                };
            }
        }

        private <C extends Record> Processor make(Configured<C> configured, Consumer next) {
            ComponentContext context =
                    TestContexts.of("processor", configured.id().toString(), Signal.TRACES);
            contexts.addFirst(context);
            return ((ComponentFactory.OfProcessor<C>) configured.factory()).create(context, configured.config(), next);
        }

        void consume(byte[] request) throws Exception {
            processors.getFirst().consume(OtlpCheck.check(Signal.TRACES, request, 0, request.length), answers::add);
        }

        List<String> passedOn() {
            return end.batches().stream()
                    .map(b -> b.items() + ": " + Arrays.hashCode(Arrays.copyOfRange(b.bytes(), b.offset(), b.end())))
                    .toList();
        }

        List<List<Long>> books() {
            return contexts.stream()
                    .map(ComponentContext::ledger)
                    .map(l -> List.of(
                            l.receivedItems(),
                            l.deliveredItems(),
                            l.droppedItems(),
                            l.refusedItems(Reason.STATEMENT_FAILED),
                            l.difference()))
                    .toList();
        }
    }

    static Stream<List<String>> chains() {
        return Stream.of(
                List.of("filter/names", "transform/clean", "transform/rename"),
                List.of("filter/hosts", "transform/clean", "transform/rename"),
                List.of("transform/rename", "filter/names", "transform/clean", "filter/hosts"),
                List.of("transform/up", "transform/down"),
                List.of("filter/names", "transform/up", "transform/clean", "transform/down"),
                List.of("transform/events", "transform/rename"),
                List.of("filter/names", "transform/failing", "transform/rename"),
                List.of("filter/propagating", "transform/failing"),
                List.of("transform/rename", "transform/up", "transform/failing"));
    }

    @ParameterizedTest
    @MethodSource("chains")
    void joined_doesWhatTheyDoOneByOne(List<String> ids) throws Exception {
        Chain alone = new Chain(ids, false);
        Chain joined = new Chain(ids, true);
        RandomSpans random = new RandomSpans(20261122);
        for (int i = 0; i < 200; i++) {
            byte[] request = random.next().toByteArray();
            alone.consume(request);
            joined.consume(request);
        }

        assertThat(joined.answers).isEqualTo(alone.answers).hasSize(200);
        assertThat(joined.passedOn()).isEqualTo(alone.passedOn()).isNotEmpty();
        assertThat(joined.books()).isEqualTo(alone.books());
        assertThat(joined.batchesBetween).isEqualTo(alone.batchesBetween);
        assertThat(alone.books()).allSatisfy(book -> assertThat(book.getLast()).isZero());
    }

    @Test
    void joined_editsBeforeItIsPassedOn() throws Exception {
        Chain chain = new Chain(List.of("filter/names", "transform/clean", "transform/rename"), true);
        byte[] request = new RandomSpans(7).next().toByteArray();

        chain.consume(request);

        Batch passedOn = chain.end.batches().getFirst();
        assertThat(passedOn.note()).as("says whose work was done").isNotNull();
    }

    @Test
    void reload_ofOneBehind_isSeenByTheFirst() throws Exception {
        List<String> ids = List.of("filter/names", "transform/clean", "transform/rename");
        Chain alone = new Chain(List.of("filter/names", "transform/clean", "transform/up"), false);
        Chain joined = new Chain(ids, true);

        reload(joined.processors.getLast(), "transform/up");
        byte[][] requests = IntStream.range(0, 20)
                .mapToObj(i -> new RandomSpans(i).next().toByteArray())
                .toArray(byte[][]::new);
        for (byte[] request : requests) {
            alone.consume(request);
            joined.consume(request);
        }

        assertThat(joined.passedOn()).isEqualTo(alone.passedOn());
    }

    @SuppressWarnings("unchecked") // A transform takes a transform's configuration.
    private static void reload(Processor processor, String id) throws Exception {
        var model = PipelineFiles.load("f.yaml", PROCESSORS.formatted(id), COMPONENTS, _ -> null)
                .orThrow();
        ((Reloadable<Record>) processor)
                .reload(requireNonNull(model.find(Kind.PROCESSOR, ComponentId.parse(id)))
                        .config());
    }
}
