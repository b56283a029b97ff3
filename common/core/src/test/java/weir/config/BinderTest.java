package weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.argumentSet;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BinderTest {
    enum Sizer {
        REQUESTS,
        BYTES
    }

    enum Strategy {
        TRACE_COMPLETE("trace-complete"),
        SPAN_INGEST("span-ingest");

        private final String word;

        Strategy(String word) {
            this.word = word;
        }

        @Override
        public String toString() {
            return word;
        }
    }

    record Grpc(
            @Option(doc = "address", fallback = "localhost:4317")
            String endpoint) {}

    record Protocols(
            @Option(doc = "gRPC") @Nullable Grpc grpc,
            @Option(doc = "HTTP") @Nullable Grpc http) {}

    record Policy(
            @Option(doc = "its name", required = true) String name,
            @Option(doc = "its type", required = true) String type,
            @Option(doc = "of latency") @Nullable Latency latency)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            if (type.equals("latency") && latency == null) {
                complaints.error("type", "policy '" + name + "' has type latency but no latency block");
            }
        }
    }

    record Latency(@Option(doc = "least", fallback = "5000") long thresholdMs) {}

    record Statement(
            @Option(doc = "where") String context,
            @Option(doc = "what") List<String> statements) {
        public static Statement parse(String text) {
            if (text.isBlank()) {
                throw new IllegalArgumentException("a statement is empty");
            }
            return new Statement("", List.of(text));
        }
    }

    record Own(@Option(doc = "bytes", fallback = "64MiB") ByteSize maxBytes) {}

    record All(
            @Option(doc = "text", fallback = "x") String text,
            @Option(doc = "flag", fallback = "true") boolean flag,
            @Option(doc = "int", fallback = "8192") int size,

            @Option(doc = "long", name = "max_request_body_size", aliases = "max_body")
            long maxRequestBodyBytes,

            @Option(doc = "number", fallback = "0.5") double randomizationFactor,
            @Option(doc = "enum", fallback = "requests") Sizer sizer,

            @Option(doc = "enum", fallback = "trace-complete")
            Strategy strategy,

            @Option(doc = "duration", fallback = "1m30s", live = true)
            Duration decisionWait,

            @Option(doc = "secret") Secret token,
            @Option(doc = "nested") Protocols protocols,
            @Option(doc = "list") List<Policy> policies,
            @Option(doc = "list", fallback = "[OK, ERROR]") List<String> codes,
            @Option(doc = "map") Map<String, Secret> headers,
            @Option(doc = "statements") List<Statement> statements,
            @Option(doc = "anything") Map<String, Object> anything,
            @Option(doc = "maybe") @Nullable Integer maybe,
            @Option(doc = "Weir's own") Own weir)
            implements Checked {
        @Override
        public void check(Complaints complaints) {
            for (int i = 0; i < policies.size(); i++) {
                if (policies.get(i).name().equals("bad")) {
                    complaints.error("policies[" + i + "].name", "the name is bad");
                }
            }
        }
    }

    private Problems problems = new Problems("f.yaml", "");

    private @Nullable All tryBind(String yaml) {
        problems = new Problems("f.yaml", yaml);
        Yaml read = Objects.requireNonNull(YamlReader.read(problems, yaml));
        return new Binder(problems, path -> path.equals("protocols.grpc.auth") ? "there is none" : null)
                .bind(All.class, read, Position.FILE, "processors.all");
    }

    private All bind(String yaml) {
        All all = tryBind(yaml);
        assertThat(Problem.render(problems.sorted(), false)).isEmpty();
        return Objects.requireNonNull(all);
    }

    @Test
    void bind_nothing_hasAllDefaults() {
        assertThat(bind(""))
                .isEqualTo(new All(
                        "x",
                        true,
                        8192,
                        0,
                        0.5,
                        Sizer.REQUESTS,
                        Strategy.TRACE_COMPLETE,
                        Duration.ofSeconds(90),
                        new Secret(""),
                        new Protocols(null, null),
                        List.of(),
                        List.of("OK", "ERROR"),
                        Map.of(),
                        List.of(),
                        Map.of(),
                        null,
                        new Own(new ByteSize(64 << 20))));
    }

    @Test
    void bind_allOptions_areTaken() {
        All all = bind("""
                text: 1.10
                flag: false
                size: 0644
                max_body: 20_000_000_000
                randomization_factor: 1
                sizer: bytes
                strategy: span-ingest
                decision_wait: 1.5h
                token: hunter2
                protocols: {grpc: , http: {endpoint: "localhost:0"}}
                policies:
                  - {name: a, type: latency, latency: }
                  - {name: b, type: always_sample}
                codes: []
                headers: {X-Scope-OrgID: 1}
                statements:
                  - set(a, b)
                  - {context: span, statements: [c, d]}
                anything: {a: [1, 2.5, true, null, text], b: {c: ~}}
                maybe: 0x10
                weir: {max_bytes: 1GB}
                """);

        assertThat(all.text()).isEqualTo("1.10");
        assertThat(all.flag()).isFalse();
        assertThat(all.size()).isEqualTo(420);
        assertThat(all.maxRequestBodyBytes()).isEqualTo(20_000_000_000L);
        assertThat(all.randomizationFactor()).isEqualTo(1.0);
        assertThat(all.sizer()).isEqualTo(Sizer.BYTES);
        assertThat(all.strategy()).isEqualTo(Strategy.SPAN_INGEST);
        assertThat(all.decisionWait()).hasMinutes(90);
        assertThat(all.token()).hasToString("****");
        assertThat(all.protocols()).isEqualTo(new Protocols(new Grpc("localhost:4317"), new Grpc("localhost:0")));
        assertThat(all.policies())
                .containsExactly(new Policy("a", "latency", new Latency(5000)), new Policy("b", "always_sample", null));
        assertThat(all.codes()).isEmpty();
        assertThat(all.headers()).containsEntry("X-Scope-OrgID", new Secret("1"));
        assertThat(all.statements())
                .containsExactly(new Statement("", List.of("set(a, b)")), new Statement("span", List.of("c", "d")));
        assertThat(all.anything()).hasToString("{a=[1, 2.5, true, null, text], b={c=null}}");
        assertThat(all.maybe()).isEqualTo(16);
        assertThat(all.weir().maxBytes().bytes()).isEqualTo(1_000_000_000);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                argumentSet("on", "flag: yes", "1:7 error  expected true or false, found 'yes'", "write true"),
                argumentSet("quoted", "flag: 'true'", "1:7 error  expected true or false", "remove the quotes"),
                argumentSet("text as number", "size: big", "1:7 error  expected a whole number, found 'big'", ""),
                argumentSet("quoted number", "size: '8'", "1:7 error  expected a whole number", "remove the quotes"),
                argumentSet("fraction", "size: 1.5", "1:7 error  expected a whole number, found '1.5'", ""),
                argumentSet("too large", "size: 3000000000", "1:7 error  expected a whole number from", ""),
                argumentSet("no unit", "decision_wait: 10", "1:16 error  expected a duration", "as in 10s"),
                argumentSet(
                        "enum", "sizer: byte", "1:8 error  expected one of requests, bytes; found 'byte'", "'bytes'?"),
                argumentSet("list for a text", "text: [a]", "1:1 error  expected a text, found a list", ""),
                argumentSet(
                        "text for a list", "codes: OK", "1:8 error  expected a list, found 'OK'", "write it as [OK]"),
                argumentSet("text for options", "protocols: grpc", "1:12 error  expected a mapping, found 'grpc'", ""),
                argumentSet(
                        "required",
                        "policies: [{type: x}]",
                        "1:12 error  'name' is missing in processors.all.policies[0]",
                        "its name"),
                argumentSet(
                        "deep",
                        "policies: [{name: a, type: latency, latency: {treshold_ms: 1}}]",
                        "1:47 error  unknown option 'treshold_ms' in processors.all.policies[0].latency",
                        "'threshold_ms'?"),
                argumentSet(
                        "check",
                        "policies: [{name: a, type: latency}]",
                        "1:28 error  policy 'a' has type latency but no latency block",
                        ""),
                argumentSet("check by path", "policies: [{name: bad, type: x}]", "1:19 error  the name is bad", ""),
                argumentSet("parse", "statements: ['']", "1:14 error  a statement is empty", ""),
                argumentSet(
                        "size",
                        "weir: {max_bytes: lots}",
                        "1:19 error  expected a size such as 64MiB, found 'lots'",
                        ""),
                argumentSet(
                        "both names",
                        "{max_body: 1, max_request_body_size: 2}",
                        "1:2 error  'max_body' is another name",
                        ""),
                argumentSet(
                        "wrong place",
                        "endpoint: x",
                        "1:1 error  unknown option 'endpoint' in processors.all",
                        "it belongs under 'protocols.grpc'"),
                argumentSet(
                        "elsewhere",
                        "protocols: {grpc: {auth: {}}}",
                        "1:20 error  the collector has 'protocols.grpc.auth', Weir does not: there is none",
                        "remove it"));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void bind_mistake_isExplainedWithItsPlace(String yaml, String expected, String hint) {
        tryBind(yaml);

        assertThat(problems.sorted()).singleElement().satisfies(p -> {
            assertThat(p.render(false)).startsWith("f.yaml:" + expected);
            assertThat(p.hint()).endsWith(hint);
        });
    }

    @Test
    void bind_secretsOnAShownLine_areMasked() {
        tryBind("headers: {a: hunter2, b: [1]}\ntoken: hunter2\n");
        assertThat(Problem.render(problems.sorted(), false))
                .doesNotContain("hunter2")
                .contains("headers: ****");

        tryBind("token: |\n  hunter2\n  a: hunter2: [1\nsise: 1\n");
        assertThat(Problem.render(problems.sorted(), false)).contains("4 | sise: 1");

        tryBind("pasword: hunter2\n");
        assertThat(Problem.render(problems.sorted(), false))
                .doesNotContain("hunter2")
                .contains("pasword: ****");
    }

    static Stream<Arguments> durations() {
        return Stream.of(
                argumentSet("seconds", "10s", 10_000L, "10s"),
                argumentSet("parts", "1h1m1.5s", 3_661_500L, "1h1m1.5s"),
                argumentSet("milliseconds", "100ms", 100L, "100ms"),
                argumentSet("zero", "0", 0L, "0s"),
                argumentSet("fraction", "1.5h", 5_400_000L, "1h30m"),
                argumentSet("days", "1d", 86_400_000L, "24h"),
                argumentSet("negative", "-2s", -2_000L, "-2s"));
    }

    @ParameterizedTest
    @MethodSource("durations")
    void duration_parseAndFormat_areGos(String text, long millis, String formatted) {
        assertThat(Durations.parse(text)).hasMillis(millis);
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(formatted);
    }
}
