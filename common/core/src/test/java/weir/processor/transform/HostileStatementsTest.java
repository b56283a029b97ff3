package weir.processor.transform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.logs.v1.LogRecord;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import weir.config.Problem;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.Requests;
import weir.testing.TestContexts;

/**
 * Statements and telemetry made to hurt: what they ask for is refused at load, done in reasonable time, or an error of that
 * statement and item. The item beside the hostile one is always edited, and what is passed on is well formed.
 */
class HostileStatementsTest {
    /** Of the processor, so that a machine which stands still in between does not count. */
    private static final long MOST_CPU_NANOS = 5_000_000_000L;

    private static final int MIB = 1 << 20;

    private final List<ComponentContext> contexts = new ArrayList<>();
    private final RecordingConsumer next = new RecordingConsumer();
    private final List<Delivery> deliveries = new ArrayList<>();
    private int failures;

    @AfterEach
    void ledgersBalance() {
        for (ComponentContext context : contexts) {
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.ledger().heldItems()).isZero();
        }
    }

    private static LogRecord.Builder record(String body) {
        return LogRecord.newBuilder().setBody(AnyValue.newBuilder().setStringValue(body));
    }

    private static String yaml(List<String> statements) {
        StringBuilder yaml = new StringBuilder("error_mode: silent\nlog_statements:\n");
        statements.forEach(
                s -> yaml.append("  - '").append(s.replace("'", "''")).append("'\n"));
        return yaml.toString();
    }

    /**
     * Does statements to a record and to one beside it, which all of them are harmless to.
     *
     * @return the record afterwards
     */
    private LogRecord after(LogRecord.Builder hostile, String... statements) throws Exception {
        List<String> all = new ArrayList<>(List.of(statements));
        all.add("set(log.severity_text, \"seen\")");
        var request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder()
                .addScopeLogsBuilder()
                .addLogRecords(record("beside").addAttributes(Requests.text("a", "b")))
                .addLogRecords(hostile);
        byte[] bytes = request.build().toByteArray();
        Batch batch = OtlpCheck.check(Signal.LOGS, bytes, 0, bytes.length);
        ComponentContext context = TestContexts.of("processor", "transform", Signal.LOGS);
        contexts.add(context);
        TransformProcessor transform =
                new TransformProcessor(context, Bound.of(TransformConfig.class, yaml(all)), next);

        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadCpuTime();
        transform.consume(batch, deliveries::add);
        assertThat(threads.getCurrentThreadCpuTime() - before).as("nanoseconds").isLessThan(MOST_CPU_NANOS);

        assertThat(deliveries).containsOnly(Delivery.ACCEPTED);
        Batch made = next.batches().getLast();
        assertThat(OtlpCheck.check(Signal.LOGS, made.bytes(), made.offset(), made.length())
                        .items())
                .isEqualTo(2);
        failures = (int) context.metrics().value("weir_processor_statement_errors");
        List<LogRecord> records = ExportLogsServiceRequest.parser()
                .parseFrom(made.bytes(), made.offset(), made.length())
                .getResourceLogs(0)
                .getScopeLogs(0)
                .getLogRecordsList();
        assertThat(records).allMatch(r -> r.getSeverityText().equals("seen"));
        return records.get(1);
    }

    private static AnyValue nested(int levels, boolean maps) {
        AnyValue value = AnyValue.newBuilder().setStringValue("deep").build();
        for (int i = 0; i < levels; i++) {
            AnyValue.Builder outer = AnyValue.newBuilder();
            if (maps) {
                outer.getKvlistValueBuilder()
                        .addValues(KeyValue.newBuilder().setKey("k").setValue(value));
            } else {
                outer.getArrayValueBuilder().addValues(value);
            }
            value = outer.build();
        }
        return value;
    }

    private static KeyValue deep(int levels, boolean maps) {
        return KeyValue.newBuilder()
                .setKey("deep")
                .setValue(nested(levels, maps))
                .build();
    }

    /** Of as many attributes as fit into some MiB, each with a key of its own. */
    private static LogRecord.Builder crowded(int attributes) {
        LogRecord.Builder record = record("x");
        for (int i = 0; i < attributes; i++) {
            record.addAttributes(Requests.text("k" + i, ""));
        }
        return record;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "IsMatch(log.body, \"((a{999}){999}){999}\")",
                "IsMatch(log.body, \"(((((((((a{2}){9}){9}){9}){9}){9}){9}){9}){9})\")",
                "IsMatch(log.body, \"(\")",
                "log.body == ((((((((((((((((((((((((((((((((((((((((((((((((((1))))))))))))))))))))))))))))))))))))))))))))))))))",
                "log.body == 99999999999999999999",
                "log.body == 1 / 0",
                "log.body == \"\\uD800\"",
                "true true",
            })
    void check_conditionsThatCannotBe_areRefusedAtLoad(String condition) {
        assertThat(Bound.problems(TransformConfig.class, yaml(List.of("set(log.body, 1) where " + condition))))
                .isNotEmpty();
    }

    /** The pattern before it, which could be used, must not be asked in its place. */
    @Test
    void isMatch_patternOfItemsThatCannotBeUsed_isAnErrorOfEachOfThem() throws Exception {
        var request = ExportLogsServiceRequest.newBuilder();
        var scope = request.addResourceLogsBuilder().addScopeLogsBuilder();
        for (String pattern : List.of("x", "x".repeat(5_000), "x".repeat(5_000))) {
            scope.addLogRecords(record("x").addAttributes(Requests.text("pattern", pattern)));
        }
        byte[] bytes = request.build().toByteArray();
        ComponentContext context = TestContexts.of("processor", "transform", Signal.LOGS);
        contexts.add(context);
        String yaml = yaml(List.of("set(log.attributes[\"found\"], IsMatch(log.body, log.attributes[\"pattern\"]))"));

        new TransformProcessor(context, Bound.of(TransformConfig.class, yaml), next)
                .consume(OtlpCheck.check(Signal.LOGS, bytes, 0, bytes.length), deliveries::add);

        assertThat(context.metrics().value("weir_processor_statement_errors")).isEqualTo(2);
        assertThat(ExportLogsServiceRequest.parseFrom(next.batches().getLast().bytes())
                        .getResourceLogs(0)
                        .getScopeLogs(0)
                        .getLogRecordsList())
                .extracting(LogRecord::getAttributesCount)
                .containsExactly(2, 1, 1);
    }

    @Test
    void check_patternsThatNestDeep_areRefusedAtLoad() {
        String pattern = "(".repeat(2_000) + "a" + ")".repeat(2_000);

        assertThat(Problem.render(
                        Bound.problems(
                                TransformConfig.class,
                                yaml(List.of("set(log.body, 1) where IsMatch(log.body, \"" + pattern + "\")"))),
                        false))
                .contains("too large a pattern");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{\"a\":", "not ", "-", "Concat([", "attributes["})
    void check_statementsThatNestWithoutEnd_areRefusedAtLoad(String opening) {
        for (int times : new int[] {100, 1_000, 200_000}) {
            assertThat(Bound.problems(TransformConfig.class, yaml(List.of("set(log.body, " + opening.repeat(times)))))
                    .isNotEmpty();
        }
    }

    @Test
    void check_aStatementOfOneMebibyte_isRefusedAtLoad() {
        String statement = "set(log.body, 1) where true" + " or true".repeat(MIB / 8);

        assertThat(Problem.render(Bound.problems(TransformConfig.class, yaml(List.of(statement))), false))
                .contains("at most 16384 are possible");
    }

    @Test
    void consume_aLongChainOfConditions_isEvaluated() throws Exception {
        assertThat(after(record("x"), "set(log.body, 1) where false" + " or false".repeat(1_800) + " or true")
                        .getBody()
                        .getIntValue())
                .isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a+)+$", "(a|aa)+$", "(.*)*b$", "^(a?){20}(a){20}c", "(?:a*)*(?:a*)*(?:a*)*c"})
    void consume_patternsThatBacktrackElsewhere_takeLinearTime(String pattern) throws Exception {
        LogRecord after = after(
                record("a".repeat(MIB) + "!"),
                "set(log.attributes[\"found\"], IsMatch(log.body, \"" + pattern + "\"))",
                "replace_pattern(log.attributes[\"copy\"], \"" + pattern + "\", \"b\")");

        assertThat(after.getAttributesCount() == 0
                        || !after.getAttributes(0).getValue().getBoolValue())
                .isTrue();
    }

    @Test
    void consume_aTextTooLongForItsPattern_isAnErrorOfTheStatement() throws Exception {
        assertThat(after(
                                record("a".repeat(MIB) + "d"),
                                "set(log.attributes[\"found\"], IsMatch(log.body, \"(a?b?c?){200}d\"))")
                        .getAttributesList())
                .isEmpty();
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void consume_aHostilePatternInTheTelemetry_isAnErrorOfTheStatement() throws Exception {
        LogRecord after = after(
                record("x").addAttributes(Requests.text("a", "((a{999}){999}){999}")),
                "set(log.attributes[\"found\"], IsMatch(\"abc\", log.attributes[\"a\"]))");

        assertThat(after.getAttributesList()).hasSize(1);
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void consume_replacementsThatMultiply_areErrorsBeforeTheyFillTheMemory() throws Exception {
        String all = "$0".repeat(7_000);

        LogRecord after = after(record("a".repeat(MIB)), "replace_pattern(log.body, \"(?s).*\", \"" + all + "\")");

        assertThat(after.getBody().getStringValue()).hasSize(MIB);
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void consume_aTextThatDoublesWithEachStatement_staysWithinTheLimit() throws Exception {
        String[] doublings = IntStream.range(0, 40)
                .mapToObj(_ -> "replace_all_patterns(log.attributes, \"value\", \"z\", \"zz\")")
                .toArray(String[]::new);
        LogRecord.Builder hostile = record("x");
        for (int i = 0; i < 40; i++) {
            hostile.addAttributes(Requests.text("k" + i, "z"));
        }

        LogRecord after = after(hostile, doublings);

        assertThat(after.getSerializedSize()).isLessThan(17 * MIB);
        assertThat(failures).isPositive();
    }

    @Test
    void consume_attributesAddedWithoutEnd_stayWithinTheLimit() throws Exception {
        String[] statements = IntStream.range(0, 60)
                .mapToObj(i -> "set(log.attributes[\"copy" + i + "\"], log.body)")
                .toArray(String[]::new);

        assertThat(after(record("a".repeat(MIB)), statements).getAttributesCount())
                .isBetween(16, 30);
        assertThat(failures).isPositive();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void consume_whatNestsAsDeepAsReceiversTake_doesNotGetTooDeep(boolean maps) throws Exception {
        int deepest = 0;
        while (isAccepted(record("x").addAttributes(deep(deepest + 1, maps)))) {
            deepest++;
        }

        LogRecord after = after(
                record("x").addAttributes(deep(deepest, maps)),
                "set(log.attributes[\"wrapped\"], [log.attributes[\"deep\"]])",
                "set(log.attributes[\"wrapped\"], {\"k\": {\"k\": log.attributes[\"deep\"]}})",
                "set(log.body, log.attributes)",
                "set(log.cache[\"k\"][\"k\"], log.attributes[\"deep\"])",
                "set(log.attributes[\"cache\"], log.cache)",
                "set(log.attributes[\"text\"], String(log.attributes[\"deep\"]))",
                "set(log.attributes[\"same\"], true) where log.attributes[\"deep\"] == log.cache[\"k\"][\"k\"]",
                "append(log.attributes[\"deep\"], log.attributes[\"deep\"])",
                "stringify_all(log.attributes)",
                "flatten(log.attributes)");

        assertThat(deepest).isGreaterThan(20);
        assertThat(after.getAttributesList()).noneMatch(a -> a.getKey().equals("wrapped"));
        assertThat(failures).isPositive();
    }

    private static boolean isAccepted(LogRecord.Builder record) {
        var request = ExportLogsServiceRequest.newBuilder();
        request.addResourceLogsBuilder().addScopeLogsBuilder().addLogRecords(record);
        byte[] bytes = request.build().toByteArray();
        try {
            OtlpCheck.check(Signal.LOGS, bytes, 0, bytes.length);
            return true;
        } catch (MalformedOtlpException _) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {48, 60, 1_000, 10_000})
    void consume_jsonThatNestsDeep_isAnErrorOfTheStatement(int levels) throws Exception {
        LogRecord after = after(
                record("{\"k\":".repeat(levels) + "1" + "}".repeat(levels)).addAttributes(Requests.text("a", "b")),
                "set(log.attributes[\"json\"], ParseJSON(log.body))");

        assertThat(after.getAttributesCount()).isEqualTo(1);
        assertThat(failures).isPositive();
    }

    @Test
    void consume_jsonOfModerateDepth_isParsed() throws Exception {
        LogRecord after = after(
                record("{\"k\":".repeat(25) + "1" + "}".repeat(25)),
                "set(log.attributes[\"json\"], ParseJSON(log.body))");

        assertThat(after.getAttributesCount()).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "set(log.attributes[\"x\"], ParseJSON(Concat([\"[\", log.body, \"1]\"], \"\")))",
                "set(log.attributes[\"x\"], Split(log.body, \",\"))",
                "set(log.attributes[\"x\"], Split(log.body, \"\"))",
                "set(log.attributes[\"x\"], Sort(Split(log.body, \",\")))",
                "set(log.attributes[\"x\"], Format(\"%s%s\", Split(log.body, \",\")))",
                "set(log.attributes[\"x\"], ParseCSV(log.body, log.body))",
                "replace_pattern(log.body, \",\", \"a longer text\")",
            })
    void consume_aTextOfMillionsOfParts_isAnErrorOfTheStatement(String statement) throws Exception {
        LogRecord after = after(record(",".repeat(3 * MIB)), statement);

        assertThat(after.getAttributesList()).isEmpty();
        assertThat(after.getBody().getStringValue()).hasSize(3 * MIB);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ParseXML(log.body)",
                "ParseSimplifiedXML(log.body)",
                "GetXML(log.body, \"//a\")",
                "RemoveXML(log.body, \"//a\")",
                "InsertXML(log.body, \"//a\", \"<b/>\")",
                "ConvertTextToElementsXML(log.body)",
                "ConvertAttributesToElementsXML(log.body)"
            })
    void consume_xmlThatIsTooMuch_isAnErrorOfTheStatement(String function) throws Exception {
        List<String> texts = List.of(
                "<a>".repeat(100) + "1" + "</a>".repeat(100) + "<".repeat(1_000),
                "<a>".repeat(1_000) + "</a>".repeat(1_000),
                "<a>".repeat(MIB),
                "<a>" + "<a/>".repeat(MIB / 2) + "</a>",
                "<a " + "b=\"\" ".repeat(MIB / 8) + "/>",
                "<a b=\"" + "<".repeat(MIB),
                "<a>" + "&".repeat(MIB) + "</a>",
                "<a>" + "&#1114112;".repeat(MIB / 16) + "</a>",
                "<!" + "<".repeat(MIB),
                "<!--".repeat(MIB / 4),
                "<?xml ".repeat(MIB / 8),
                "<![CDATA[".repeat(MIB / 16),
                "<!DOCTYPE a [<!ENTITY b \"&c;&c;&c;&c;&c;&c;&c;&c;\"><!ENTITY c \"&d;&d;&d;&d;\">]><a>&b;</a>",
                "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/hostname\">]><a>&b;</a>");
        for (String text : texts) {
            LogRecord after =
                    after(record(text), "set(log.attributes[\"x\"], " + function + ") where log.body != \"beside\"");

            assertThat(after.getAttributesList()).as(text.substring(0, 20)).isEmpty();
            assertThat(failures).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "//a[count(preceding::a) = count(following::a) + 1]",
                "//a[. = //a[. = //a]/..]",
                "//a/following::a/preceding::a[2]",
                "//a[contains(string(/), string(/))]",
                "//a[contains(concat(string(/), string(/), 'x'), concat(string(/), 'y'))]",
                "//a[translate(string(/), string(/), '') = 'x']",
                "//a[string-join(//a, string(/)) = 'x']"
            })
    void consume_xPathsThatLookAtEverythingForEachNode_areErrorsInReasonableTime(String path) throws Exception {
        LogRecord after = after(
                record("<r>" + "<a>text</a>".repeat(30_000) + "</r>"),
                "set(log.attributes[\"x\"], GetXML(log.body, \"" + path + "\")) where log.body != \"beside\"");

        assertThat(after.getAttributesList()).isEmpty();
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void consume_xmlPutIntoEachOfManyElements_isAnErrorBeforeItFillsTheMemory() throws Exception {
        LogRecord after = after(
                record("<r>" + "<a/>".repeat(60_000) + "</r>"),
                "set(log.attributes[\"x\"], InsertXML(log.body, \"//a\", log.body)) where log.body != \"beside\"");

        assertThat(after.getAttributesList()).isEmpty();
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void check_xPathsThatNestDeep_areRefusedAtLoad() {
        for (String path :
                List.of("(".repeat(5_000), "a[".repeat(5_000), "- ".repeat(5_000), "a or ".repeat(3_000) + "a")) {
            assertThat(Bound.problems(
                            TransformConfig.class, yaml(List.of("set(log.body, GetXML(log.body, \"" + path + "\"))"))))
                    .isNotEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"A=%{A}\"]",
                "[\"A=%{B}\", \"B=%{A}\"]",
                "[\"A=%{B}%{B}%{B}%{B}\", \"B=%{C}%{C}%{C}%{C}%{C}%{C}\", \"C=%{D}%{D}%{D}%{D}%{D}\", \"D=%{IPV6}%{IPV6}\"]",
                "[\"A=(%{B}{99}){99}\", \"B=x{99}\"]"
            })
    void check_grokPatternsThatBecomeTooLarge_areRefusedAtLoad(String definitions) {
        assertThat(Bound.problems(
                        TransformConfig.class,
                        yaml(List.of("set(log.body, ExtractGrokPatterns(log.body, \"%{A:a}\", true, " + definitions
                                + "))"))))
                .isNotEmpty();
    }

    @Test
    void consume_hostileGrokPatternsAndTexts_areErrorsOfTheStatement() throws Exception {
        LogRecord after = after(
                record("a".repeat(MIB)).addAttributes(Requests.text("p", "((%{WORD}{999}){999}){999}")),
                "set(log.attributes[\"x\"], ExtractGrokPatterns(\"abc\", log.attributes[\"p\"]))",
                "set(log.attributes[\"x\"], ExtractGrokPatterns(log.body, \"%{HOSTNAME:a}%{HOSTNAME:b}\"))"
                        + " where log.body != \"beside\"");

        assertThat(after.getAttributesList()).hasSize(1);
        assertThat(failures).isEqualTo(3);
    }

    @Test
    void consume_numbersWithoutEnd_areNoNumbers() throws Exception {
        String digits = "9".repeat(MIB);

        after(
                record(digits),
                "set(log.attributes[\"a\"], Int(log.body))",
                "set(log.attributes[\"b\"], Double(log.body))",
                "set(log.attributes[\"c\"], ParseInt(log.body, 10))",
                "set(log.attributes[\"d\"], ParseJSON(Concat([\"[\", log.body, \"]\"], \"\")))",
                "set(log.attributes[\"e\"], Seconds(Duration(Concat([log.body, \"s\"], \"\"))))",
                "set(log.attributes[\"f\"], UnixNano(Time(log.body, \"%Y-%m-%d\")))",
                "set(log.attributes[\"g\"], IsValidLuhn(log.body))");
    }

    @Test
    void consume_formatsOfAnyWidth_stayNarrow() throws Exception {
        LogRecord after = after(
                record("x"),
                "set(log.body, Format(\"%999999999d|%-99999999999999999999s|%.999999999f\", [1, \"a\", 1.5]))");

        assertThat(after.getBody().getStringValue().length()).isLessThan(4_096);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "flatten(log.attributes)",
                "limit(log.attributes, 10, [\"k5\"])",
                "delete_matching_keys(log.attributes, \"[02468]$\")",
                "keep_keys(log.attributes, [\"k1\", \"k99999\"])",
                "replace_all_patterns(log.attributes, \"key\", \"^k\", \"l\")",
                "replace_all_patterns(log.attributes, \"value\", \"^$\", \"x\")",
                "merge_maps(log.cache, log.attributes, \"upsert\")",
                "merge_maps(log.attributes, log.attributes, \"upsert\")",
                "set(log.attributes[\"x\"], ToKeyValueString(log.attributes))",
                "set(log.attributes[\"x\"], Keys(log.attributes))",
                "set(log.attributes[\"x\"], Len(log.attributes))",
            })
    void consume_manyAttributes_takeLinearTime(String statement) throws Exception {
        after(crowded(200_000), statement);
    }

    @Test
    void consume_aLineOfManyPairs_isParsedInLinearTime() throws Exception {
        StringBuilder pairs = new StringBuilder();
        for (int i = 0; i < 200_000; i++) {
            pairs.append("k").append(i).append("= ");
        }

        LogRecord after = after(record(pairs.toString()), "set(log.attributes[\"x\"], Len(ParseKeyValue(log.body)))");

        assertThat(after.getAttributes(0).getValue().getIntValue()).isEqualTo(200_000);
    }

    @Test
    void consume_mapsThatDifferInTheirOrder_areComparedInLinearTime() throws Exception {
        LogRecord.Builder record = crowded(100_000);
        AnyValue.Builder turned = AnyValue.newBuilder();
        for (int i = record.getAttributesCount() - 1; i >= 0; i--) {
            turned.getKvlistValueBuilder().addValues(record.getAttributes(i));
        }
        record.setBody(turned);

        assertThat(after(record, "set(log.event_name, \"same\") where log.attributes == log.body")
                        .getEventName())
                .isEqualTo("same");
    }

    @Test
    void consume_numbersWithoutAnOrder_areSorted() throws Exception {
        AnyValue.Builder list = AnyValue.newBuilder();
        for (int i = 0; i < 500; i++) {
            list.getArrayValueBuilder()
                    .addValues(AnyValue.newBuilder().setDoubleValue(i % 3 == 0 ? Double.NaN : i * 7919 % 503));
        }

        LogRecord after = after(record("x").setBody(list), "set(log.body, Sort(log.body))");

        assertThat(after.getBody().getArrayValue().getValuesList().stream()
                        .map(AnyValue::getDoubleValue)
                        .filter(n -> !n.isNaN()))
                .isSorted();
        // Of the record beside, whose body is no list.
        assertThat(failures).isEqualTo(1);
    }

    @Test
    void consume_whatNearlyIsAnAddress_asksNoNameServer() throws Exception {
        LogRecord after = after(
                record("999.999.999.999"),
                "set(log.attributes[\"inside\"], IsInCIDR(log.body, [\"10.0.0.0/8\"]))",
                "set(log.attributes[\"inside6\"], IsInCIDR(\"::ffff:1.2.3.4.5\", [\"10.0.0.0/8\"]))");

        assertThat(after.getAttributesList()).noneMatch(a -> a.getValue().getBoolValue());
    }

    /** What is nested, cut off or no text where one must be never comes to a processor. */
    @Test
    void check_malformedAttributes_areRefusedAtTheDoor() {
        assertThat(isAccepted(record("x").addAttributes(deep(400, false)))).isFalse();
        assertThat(isAccepted(record("x").addAttributes(deep(400, true)))).isFalse();
        for (String record :
                List.of("32080a016b1203", "32060a016b120a0a", "32080a01ff12030a0161", "32080a016b12030a01ff")) {
            byte[] bytes = HexFormat.of().parseHex(record);
            byte[] whole = wrapped(wrapped(wrapped(bytes, 2), 2), 1);
            assertThatThrownBy(() -> OtlpCheck.check(Signal.LOGS, whole, 0, whole.length))
                    .isInstanceOf(MalformedOtlpException.class);
        }
    }

    private static byte[] wrapped(byte[] message, int field) {
        byte[] wrapped = new byte[message.length + 2];
        wrapped[0] = (byte) (field << 3 | 2);
        wrapped[1] = (byte) message.length;
        System.arraycopy(message, 0, wrapped, 2, message.length);
        return wrapped;
    }
}
