package weir.ottl.context;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.Fields;
import weir.otlp.Signal;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.testing.Requests;

class ProgramsTest {
    private static final TextField NAME = new TextField(Place.MESSAGE, Fields.SPAN_NAME);
    private static final TextField SCOPE_NAME = new TextField(Place.SCOPE, 1);

    private final List<String> visits = new ArrayList<>();

    private Programs.Step step(Level at, String what, Predicate<Item> action) {
        return new Programs.Step() {
            @Override
            public Level level() {
                return at;
            }

            @Override
            public boolean at(Item item) {
                visits.add(what);
                return action.test(item);
            }

            @Override
            public Programs.Step copy() {
                return this;
            }

            @Override
            public long errors() {
                return 0;
            }
        };
    }

    private static void copy(Item item, TextField from, TextField to) {
        Value value = new Value();
        from.get(item, value);
        to.set(item, value);
    }

    private static List<Span> spans(Programs.Outcome outcome) throws Exception {
        Batch batch = requireNonNull(outcome.batch());
        return ExportTraceServiceRequest.parser()
                .parseFrom(batch.bytes(), batch.offset(), batch.length())
                .getResourceSpans(0)
                .getScopeSpans(0)
                .getSpansList();
    }

    @Test
    void run_outerBeforeInner_goTogether() {
        Programs programs = new Programs(
                List.of(
                        step(Level.RESOURCE, "r", _ -> true),
                        step(Level.ITEM, "a", _ -> true),
                        step(Level.ITEM, "b", _ -> true)),
                false);

        Batch batch = Requests.traces("x", 2);

        assertThat(programs.run(batch).batch()).isSameAs(batch);
        assertThat(visits).containsExactly("r", "a", "b", "a", "b");
    }

    @Test
    void run_innerBeforeOuter_goTogetherWhereTheInnerSeesNothingOfIt() {
        Programs programs =
                new Programs(List.of(step(Level.ITEM, "a", _ -> true), step(Level.RESOURCE, "r", _ -> true)), false);

        programs.run(Requests.traces("x", 2));

        assertThat(visits).containsExactly("r", "a", "a");
    }

    @Test
    void run_partBeforeItem_goOneAfterTheOther() {
        Programs programs =
                new Programs(List.of(step(Level.PART, "e", _ -> true), step(Level.ITEM, "a", _ -> true)), false);

        programs.run(Requests.traces("x", 2));

        assertThat(visits).containsExactly("a", "a");
    }

    /** The scope must be for the first step what it was before the second one edited it. */
    @Test
    void run_innerThatLooksAtWhatIsEditedBehindIt_isDoneBefore() throws Exception {
        Value edited = new Value();
        edited.set("edited");
        Programs programs = new Programs(
                List.of(
                        step(Level.ITEM, "a", item -> {
                            copy(item, SCOPE_NAME, NAME);
                            return true;
                        }),
                        step(Level.SCOPE, "s", item -> {
                            SCOPE_NAME.set(item, edited);
                            return true;
                        })),
                false);
        for (int i = 0; i < 2; i++) {
            visits.clear();

            assertThat(spans(programs.run(Requests.traces("x", 2))))
                    .extracting(Span::getName)
                    .doesNotContain("edited");
        }
        assertThat(visits).as("once it is known").containsExactly("a", "a", "s");
    }

    /** Also where the look is followed by dropping the item, or by an error. */
    @Test
    void run_innerThatLooksAndDropsOrFails_seesWhatWasBefore() {
        Value edited = new Value();
        edited.set("edited");
        List<String> seen = new ArrayList<>();
        for (boolean fails : new boolean[] {false, true}) {
            Programs programs = new Programs(
                    List.of(
                            step(Level.ITEM, "a", item -> {
                                Value name = new Value();
                                SCOPE_NAME.get(item, name);
                                if (name.isText("edited".getBytes(UTF_8)) && fails) {
                                    throw new OttlException("edited");
                                }
                                seen.add(String.valueOf(name.isText("edited".getBytes(UTF_8))));
                                return name.isText("edited".getBytes(UTF_8));
                            }),
                            step(Level.SCOPE, "s", item -> {
                                SCOPE_NAME.set(item, edited);
                                return true;
                            })),
                    true);

            assertThat(programs.run(Requests.traces("x", 2)).dropped()).isEqualTo(2);
        }
        assertThat(seen).endsWith("false", "false");
    }

    /** What the second step sees of the scope must be what the first one made of it at the last span. */
    @Test
    void run_stepThatEditsSomethingOuter_isDoneToAllItemsBeforeTheNext() throws Exception {
        Programs programs = new Programs(
                List.of(
                        step(Level.ITEM, "a", item -> {
                            copy(item, NAME, SCOPE_NAME);
                            return true;
                        }),
                        step(Level.ITEM, "b", item -> {
                            copy(item, SCOPE_NAME, NAME);
                            return true;
                        })),
                false);
        for (int i = 0; i < 2; i++) {
            visits.clear();

            assertThat(spans(programs.run(Requests.traces("x", 3))))
                    .extracting(Span::getName)
                    .containsExactly("x2", "x2", "x2");
        }
        assertThat(visits).as("once it is known").containsExactly("a", "a", "a", "b", "b", "b");
    }

    @Test
    void run_someDropped_countsThemAndKeepsTheRoute() throws Exception {
        Programs programs = new Programs(
                List.of(step(Level.ITEM, "a", item -> {
                    Value name = new Value();
                    NAME.get(item, name);
                    return name.text().equals("x1");
                })),
                true);

        Programs.Outcome outcome = programs.run(Requests.traces("x", 3).routed(7, true));

        assertThat(outcome.dropped()).isEqualTo(2);
        assertThat(spans(outcome)).extracting(Span::getName).containsExactly("x1");
        assertThat(requireNonNull(outcome.batch()).routedBy()).isEqualTo(7);
        assertThat(requireNonNull(outcome.batch()).isForwarded()).isTrue();
    }

    @Test
    void run_allDropped_leavesNothing() {
        Programs programs =
                new Programs(List.of(step(Level.ITEM, "a", _ -> false), step(Level.RESOURCE, "r", _ -> true)), true);

        assertThat(programs.run(Requests.traces("x", 3))).isEqualTo(new Programs.Outcome(null, 3, 0, 0));
    }

    @Test
    void run_stepThatCannotBeDone_saysSoAndTheNextRequestIsFine() {
        boolean[] fails = {true};
        Programs programs = new Programs(
                List.of(step(Level.ITEM, "a", item -> {
                    copy(item, SCOPE_NAME, NAME);
                    if (fails[0]) {
                        throw new OttlException("no");
                    }
                    return true;
                })),
                false);
        Batch batch = Batch.of(Signal.TRACES, Requests.traces("x", 1).bytes(), 1);

        assertThatThrownBy(() -> programs.run(batch)).isInstanceOf(OttlException.class);
        fails[0] = false;
        assertThat(programs.run(batch).batch()).isNotSameAs(batch);
    }
}
