package weir.processor.filter;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.Checked;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.RandomOtlp;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.ErrorMode;
import weir.ottl.OttlException;
import weir.ottl.context.ContextFunctions;
import weir.ottl.context.Contexts;
import weir.ottl.context.ItemContext;
import weir.ottl.context.Programs;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

/**
 * Conditions and telemetry made to hurt: refused at load, answered in reasonable time, or an error of that condition and item,
 * which the error mode answers. The item beside the hostile one is judged in any case.
 */
class HostileConditionsTest {
    /** Of the processor, so that a machine which stands still in between does not count. */
    private static final long MOST_CPU_NANOS = 5_000_000_000L;

    private static final int MIB = 1 << 20;
    private static final Environment NOWHERE = new Environment(() -> Instant.EPOCH, () -> 0, () -> 0);

    private final List<ComponentContext> contexts = new ArrayList<>();
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();

    @AfterEach
    void ledgersBalance() {
        for (ComponentContext context : contexts) {
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.ledger().heldItems()).isZero();
        }
    }

    private static String yaml(ErrorMode mode, String... conditions) {
        StringBuilder yaml = new StringBuilder(
                "error_mode: " + mode.name().toLowerCase(java.util.Locale.ROOT) + "\nlog_conditions:\n");
        for (String condition : conditions) {
            yaml.append("  - '").append(condition.replace("'", "''")).append("'\n");
        }
        return yaml.toString();
    }

    private static LogRecord.Builder record(String body) {
        return LogRecord.newBuilder().setBody(AnyValue.newBuilder().setStringValue(body));
    }

    /** Asks conditions of a record and of one beside it, whose severity text is `beside`; gives the severity texts left. */
    private List<String> left(LogRecord.Builder hostile, String yaml) throws Exception {
        var request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecords(record("short").setSeverityText("beside"))
                .addLogRecords(hostile.setSeverityText("hostile"));
        byte[] bytes = request.build().toByteArray();
        Batch batch = OtlpCheck.check(Signal.LOGS, bytes, 0, bytes.length);
        ComponentContext context = TestContexts.of("processor", "filter", Signal.LOGS);
        contexts.add(context);
        FilterProcessor filter = new FilterProcessor(context, Bound.of(FilterConfig.class, yaml), next);

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        filter.consume(batch, deliveries::add);
        assertThat(threads.getCurrentThreadCpuTime() - before).as("nanoseconds").isLessThan(MOST_CPU_NANOS);

        List<String> texts = new ArrayList<>();
        for (Batch passed : next.batches()) {
            ExportLogsServiceRequest.parser()
                    .parseFrom(passed.bytes(), passed.offset(), passed.length())
                    .getResourceLogsList()
                    .forEach(r -> r.getScopeLogsList()
                            .forEach(s -> s.getLogRecordsList().forEach(l -> texts.add(l.getSeverityText()))));
        }
        return texts;
    }

    private static KeyValue deep(int levels) {
        AnyValue value = AnyValue.newBuilder().setStringValue("x").build();
        for (int i = 0; i < levels; i++) {
            AnyValue.Builder outer = AnyValue.newBuilder();
            outer.getArrayValueBuilder().addValues(value);
            value = outer.build();
        }
        return KeyValue.newBuilder().setKey("deep").setValue(value).build();
    }

    static Stream<Arguments> hostile() {
        return Stream.of(
                Arguments.of(record("a".repeat(MIB) + "d"), "IsMatch(log.body, \"(a?b?c?){200}d\")"),
                Arguments.of(
                        record("x").addAttributes(Requests.text("p", "((a{999}){999}){999}")),
                        "IsMatch(\"abc\", log.attributes[\"p\"])"),
                Arguments.of(
                        record("x").addAttributes(Requests.text("p", "(")), "IsMatch(\"abc\", log.attributes[\"p\"])"),
                Arguments.of(record("{\"k\":".repeat(10_000)), "ParseJSON(log.body)[\"k\"] != nil"),
                Arguments.of(record("<a>".repeat(MIB)), "ParseXML(log.body)[\"tag\"] != \"\""),
                Arguments.of(record("<a>" + "<a/>".repeat(MIB / 2) + "</a>"), "GetXML(log.body, \"//a\") != \"\""),
                Arguments.of(
                        record("<r>" + "<a/>".repeat(30_000) + "</r>"),
                        "GetXML(log.body, \"//a[count(preceding::a) > count(following::a)]\") != \"\""),
                Arguments.of(
                        record("a".repeat(MIB)),
                        "Len(ExtractGrokPatterns(log.body, \"%{HOSTNAME:a}%{HOSTNAME:b}\")) == 0"),
                Arguments.of(record(",".repeat(3 * MIB)), "Len(Split(log.body, \",\")) > 0"),
                Arguments.of(
                        record("a".repeat(MIB)),
                        "Concat([log.body, log.body, log.body, log.body, log.body], \"\") != \"\""),
                Arguments.of(record("9".repeat(MIB)), "ParseInt(log.body, 10) > 0"),
                Arguments.of(
                        record("x").addAttributes(deep(40)),
                        "Int(log.attributes[\"deep\"][0][0]) != 1 / log.dropped_attributes_count"),
                Arguments.of(record("x").setTimeUnixNano(-1), "Len(log.time) == 0"),
                Arguments.of(record("x"), "log.body[\"k\"][0] == 1 or Len(log.severity_number) == 1"));
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void consume_ignoring_keepsTheHostileRecordAndJudgesTheOther(LogRecord.Builder hostile, String condition)
            throws Exception {
        assertThat(left(hostile, yaml(ErrorMode.IGNORE, condition, "log.severity_text == \"beside\"")))
                .containsExactly("hostile");

        assertThat(deliveries).containsExactly(Delivery.ACCEPTED);
        assertThat(contexts.getLast().metrics().value("weir_processor_statement_errors"))
                .isPositive();
    }

    @ParameterizedTest
    @MethodSource("hostile")
    void consume_propagating_refusesTheRequest(LogRecord.Builder hostile, String condition) throws Exception {
        assertThat(left(hostile, yaml(ErrorMode.PROPAGATE, condition))).isEmpty();

        assertThat(deliveries).hasSize(1).allMatch(d -> d instanceof Delivery.Rejected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IsMatch(log.body, \"(a+)+$\")",
                "IsMatch(log.body, \"(a|aa)+$\")",
                "IsMatch(log.body, \"(.*)*b$\")",
                "IsMatch(log.body, \"^(a?){20}(a){20}c\")",
                "log.body == Concat([log.body, \"x\"], \"\")",
                "ToUpperCase(log.body) == \"x\"",
                "HasSuffix(log.body, log.severity_text)",
                "SHA256(log.body) == XXH128(log.body)"
            })
    void consume_longTexts_takeLinearTime(String condition) throws Exception {
        assertThat(left(record("a".repeat(MIB) + "!"), yaml(ErrorMode.SILENT, condition)))
                .containsExactly("beside", "hostile");
    }

    @Test
    void check_conditionsThatCannotBe_areRefusedAtLoad() {
        List<String> conditions = List.of(
                "IsMatch(log.body, \"((a{999}){999}){999}\")",
                "IsMatch(log.body, \"" + "(".repeat(2_000) + "a" + ")".repeat(2_000) + "\")",
                "log.body == " + "(".repeat(10_000),
                "not ".repeat(10_000) + "true",
                "log.body == " + "[".repeat(10_000),
                "true" + " or true".repeat(MIB / 8),
                "log.body == 1 / 0",
                "log.body == \"\\uD800\"",
                "ExtractGrokPatterns(log.body, \"%{A}\", true, [\"A=%{A}\"]) != nil",
                "GetXML(log.body, \"" + "a[".repeat(1_000) + "\") == \"\"",
                "");
        for (String condition : conditions) {
            assertThat(Bound.problems(FilterConfig.class, yaml(ErrorMode.IGNORE, condition)))
                    .as(condition.length() > 80 ? condition.substring(0, 80) : condition)
                    .isNotEmpty();
        }
    }

    @Test
    void check_aCondition_ofAMebibyteOfPatterns_isRefusedAtLoad() {
        assertThat(Bound.problems(
                        FilterConfig.class,
                        yaml(ErrorMode.IGNORE, "IsMatch(log.body, \"" + "a|".repeat(MIB / 2) + "\")")))
                .isNotEmpty();
    }

    private static final List<String> INDEXES =
            List.of("", "[\"k\"]", "[0]", "[\"k\"][1]", "[resource.attributes[\"k\"]]");
    private static final List<String> VALUES = List.of(
            "nil",
            "true",
            "-9223372036854775808",
            "1.5",
            "\"\"",
            "\"\\u20ac\\u0000\"",
            "0x00ff",
            "[1, \"a\", nil, [true]]",
            "{\"k\": {\"k\": [1]}}",
            "Unix(5)",
            "Duration(\"1s\")",
            "resource.attributes");

    /** Whether something was complained about. */
    private static final class Heard implements Checked.Complaints {
        private boolean any;

        @Override
        public void error(String option, String what) {
            any = true;
        }

        @Override
        public void warning(String option, String what) {}
    }

    private int compiled;
    private int failed;

    /** As the filter makes them of a file, which takes too long for each. */
    @ParameterizedTest
    @EnumSource
    void everyPathAgainstEveryKindOfValue_isRefusedAtLoadOrAnswered(Signal signal) throws Exception {
        List<Batch> batches = new ArrayList<>();
        for (int seed = 0; batches.size() < 2; seed++) {
            byte[] bytes = new RandomOtlp(seed).bytes(signal);
            Batch batch = OtlpCheck.check(signal, bytes, 0, bytes.length);
            if (batch.items() > 2 && bytes.length < 8192) {
                batches.add(batch);
            }
        }
        for (ItemContext context : Contexts.of(signal, ContextFunctions.ofFilter())) {
            for (String pathContext : context.pathContexts()) {
                for (String path : context.paths(pathContext)) {
                    for (String index : INDEXES) {
                        String whole = pathContext + "." + path + index;
                        for (String value : VALUES) {
                            attempt(context, signal, whole + " == " + value, batches);
                            attempt(context, signal, whole + " < " + value + " or " + value + " >= " + whole, batches);
                        }
                        attempt(context, signal, "not IsMatch(" + whole + ", \"a\")", batches);
                        attempt(context, signal, "Len(" + whole + ") != Int(" + whole + ") / 2", batches);
                    }
                }
            }
        }
        assertThat(compiled).isGreaterThan(1000);
        assertThat(failed).isBetween(1, compiled - 1);
    }

    private void attempt(ItemContext context, Signal signal, String condition, List<Batch> batches) throws Exception {
        for (ErrorMode mode : List.of(ErrorMode.SILENT, ErrorMode.PROPAGATE)) {
            List<FilterConfig.Source> sources = List.of(
                    new FilterConfig.Source(context.name(), mode, List.of(condition), List.of("log_conditions[0]")));
            Heard heard = new Heard();
            FilterSteps.check(sources, signal, heard);
            if (heard.any) {
                return;
            }
            compiled++;
            Programs programs = new Programs(FilterSteps.of(sources, signal, NOWHERE), true);
            for (Batch batch : batches) {
                try {
                    Programs.Outcome outcome = programs.run(batch);
                    Batch left = outcome.batch();
                    int items = left == null ? 0 : left.items();
                    assertThat(items + outcome.dropped()).isEqualTo(batch.items());
                    if (left != null) {
                        assertThat(OtlpCheck.check(signal, left.bytes(), left.offset(), left.length())
                                        .items())
                                .isEqualTo(items);
                    }
                } catch (OttlException e) {
                    assertThat(mode).as(condition).isEqualTo(ErrorMode.PROPAGATE);
                } catch (Exception | Error e) {
                    throw new AssertionError("in the context " + context.name() + ": " + condition, e);
                }
            }
            failed += programs.errors() > 0 ? 1 : 0;
        }
    }
}
