package weir.connector.routing;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.connector.routing.Telemetry.Row;
import weir.otlp.Batch;
import weir.otlp.OtlpCheck;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;
import weir.testing.Bound;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;

/**
 * Random tables over random requests, beside a model of the collector's connector that goes over lists of items, one entry of
 * the table after the other.
 */
class RoutingModelTest {
    private static final int TABLES = 150;
    private static final int REQUESTS = 4;
    private static final int PIPELINES = 4;

    /**
     * @param deletes the key that it deletes of the resource; empty: none
     */
    private record Rule(
            String context,
            String text,
            boolean copies,
            List<String> pipelines,
            String deletes,
            Predicate<Row> meets) {}

    private final Map<String, RecordingConsumer> ends = new LinkedHashMap<>();
    private final List<Delivery> answers = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void consume_randomTables_asTheModel(Signal signal) throws Exception {
        int seen = 0;
        for (int seed = 0; seed < TABLES; seed++) {
            Random random = new Random(seed);
            List<Rule> rules = rules(signal, random);
            List<String> rest = random.nextBoolean() ? pipelines(signal, random) : List.of();
            ComponentContext context = TestContexts.of("connector", "routing", signal);
            ends.clear();
            for (int i = 0; i < PIPELINES; i++) {
                ends.put(signal.label() + "/" + i, new RecordingConsumer());
            }
            String yaml = yaml(rules, rest);
            RoutingConnector connector = new RoutingConnector(
                    context, Bound.of(RoutingConfig.class, yaml), Collections.<String, Consumer>unmodifiableMap(ends));
            Map<String, List<String>> expected = new TreeMap<>();
            Telemetry telemetry = new Telemetry(signal, seed);
            int dropped = 0;
            for (int i = 0; i < REQUESTS; i++) {
                Batch batch = telemetry.next();
                seen += batch.items();
                dropped += model(rules, rest, telemetry.rows(), expected);
                connector.consume(batch, answers::add);
            }
            assertThat(arrived()).as("seed " + seed + "\n" + yaml).isEqualTo(expected);
            assertThat(answers).hasSize(REQUESTS).containsOnly(Delivery.ACCEPTED);
            assertThat(context.ledger().droppedItems(Reason.NOT_ROUTED)).isEqualTo(dropped);
            assertThat(context.ledger().difference()).isZero();
            assertThat(context.ledger().heldItems()).isZero();
            answers.clear();
        }
        assertThat(seen).isGreaterThan(2000);
    }

    private Map<String, List<String>> arrived() throws Exception {
        Map<String, List<String>> arrived = new TreeMap<>();
        for (var end : ends.entrySet()) {
            for (Batch batch : end.getValue().batches()) {
                assertThat(OtlpCheck.check(batch.signal(), batch.bytes(), batch.offset(), batch.length())
                                .items())
                        .isEqualTo(batch.items());
                arrived.computeIfAbsent(end.getKey(), _ -> new ArrayList<>()).addAll(Telemetry.rows(batch));
            }
        }
        arrived.values().removeIf(List::isEmpty);
        return arrived;
    }

    /** @return how many items go nowhere */
    private static int model(
            List<Rule> rules, List<String> defaults, List<Row> request, Map<String, List<String>> arrived) {
        Map<List<String>, List<String>> parts = new LinkedHashMap<>();
        rules.forEach(r -> parts.put(r.pipelines, new ArrayList<>()));
        parts.putIfAbsent(defaults, new ArrayList<>());
        List<Row> left = new ArrayList<>(request);
        Set<Row> copied = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Rule rule : rules) {
            List<Row> met = left.stream().filter(rule.meets).toList();
            met.forEach(row -> row.resource().remove(rule.deletes));
            met.forEach(row -> requireNonNull(parts.get(rule.pipelines)).add(row.toString()));
            if (rule.copies) {
                copied.addAll(met);
            } else {
                Set<Row> moved = Collections.newSetFromMap(new IdentityHashMap<>());
                moved.addAll(met);
                left.removeIf(moved::contains);
            }
        }
        left.forEach(row -> requireNonNull(parts.get(defaults)).add(row.toString()));
        parts.forEach((pipelines, rows) -> pipelines.forEach(
                p -> arrived.computeIfAbsent(p, _ -> new ArrayList<>()).addAll(rows)));
        arrived.values().removeIf(List::isEmpty);
        left.removeIf(copied::contains);
        return defaults.isEmpty() ? left.size() : 0;
    }

    private static List<Rule> rules(Signal signal, Random random) {
        List<Rule> rules = new ArrayList<>();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            Rule rule = rule(signal, random);
            if (rules.stream().noneMatch(r -> r.context.equals(rule.context) && r.text.equals(rule.text))) {
                rules.add(rule);
            }
        }
        return rules;
    }

    private static Rule rule(Signal signal, Random random) {
        String tenant = List.of("a", "b", "c").get(random.nextInt(3));
        String zone = List.of("1", "2").get(random.nextInt(2));
        String kind = List.of("x", "y").get(random.nextInt(2));
        String name = "m" + random.nextInt(3);
        boolean copies = random.nextInt(3) == 0;
        List<String> to = pipelines(signal, random);
        String fine = switch (signal) {
            case TRACES -> "span";
            case METRICS -> "datapoint";
            case LOGS -> "log";
        };
        return switch (random.nextInt(signal == Signal.METRICS ? 8 : 7)) {
            case 0 ->
                new Rule("", "attributes[\"tenant\"] == \"" + tenant + "\"", copies, to, "", has("tenant", tenant));
            case 1 ->
                new Rule(
                        "resource",
                        "attributes[\"tenant\"] == \"" + tenant + "\" or attributes[\"zone\"] == \"" + zone + "\"",
                        copies,
                        to,
                        "",
                        has("tenant", tenant).or(has("zone", zone)));
            case 2 ->
                new Rule(
                        "resource",
                        "delete_key(attributes, \"zone\") where attributes[\"zone\"] == \"" + zone + "\"",
                        copies,
                        to,
                        "zone",
                        has("zone", zone));
            case 3 ->
                new Rule(
                        fine,
                        "attributes[\"kind\"] == \"" + kind + "\"",
                        copies,
                        to,
                        "",
                        row -> kind.equals(row.item().get("kind")));
            case 4 ->
                new Rule(
                        "",
                        "route() where " + fine + ".attributes[\"kind\"] == \"" + kind
                                + "\" and resource.attributes[\"tenant\"] == \"" + tenant + "\"",
                        copies,
                        to,
                        "",
                        has("tenant", tenant).and(row -> kind.equals(row.item().get("kind"))));
            case 5 ->
                new Rule(
                        fine,
                        "delete_key(resource.attributes, \"zone\") where attributes[\"kind\"] == \"" + kind + "\"",
                        copies,
                        to,
                        "zone",
                        row -> kind.equals(row.item().get("kind")));
            case 6 -> new Rule("resource", "route()", copies, to, "", _ -> true);
            default -> new Rule("metric", "name == \"" + name + "\"", copies, to, "", row -> name.equals(row.metric()));
        };
    }

    private static Predicate<Row> has(String key, String value) {
        return row -> value.equals(row.resource().get(key));
    }

    private static List<String> pipelines(Signal signal, Random random) {
        int first = random.nextInt(PIPELINES);
        return random.nextInt(3) == 0
                ? List.of(signal.label() + "/" + first, signal.label() + "/" + (first + 1) % PIPELINES)
                : List.of(signal.label() + "/" + first);
    }

    private static String yaml(List<Rule> rules, List<String> rest) {
        StringBuilder yaml = new StringBuilder("default_pipelines: " + rest + "\ntable:\n");
        for (Rule rule : rules) {
            boolean isStatement = rule.text.startsWith("route") || rule.text.startsWith("delete");
            yaml.append("- context: \"").append(rule.context).append("\"\n");
            yaml.append(isStatement ? "  statement: '" : "  condition: '")
                    .append(rule.text)
                    .append("'\n");
            yaml.append("  action: ").append(rule.copies ? "copy" : "move").append("\n");
            yaml.append("  pipelines: ").append(rule.pipelines).append("\n");
        }
        return yaml.toString();
    }
}
