package weir.ottl.context;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.ottl.Environment;
import weir.ottl.OttlException;
import weir.pipeline.ComponentContext;
import weir.pipeline.Consumer;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Ledger;
import weir.pipeline.Reason;
import weir.pipeline.Rewritten;
import weir.telemetry.Counter;

/**
 * The {@link Programs} of a processor, which may be replaced while requests go through, and a count of all that could not be done
 * by them and by those before. For any thread; {@link #use} by one at a time.
 *
 * <p>Processors that stand one behind the other and only edit need not go over a request each: the first does what all of them
 * do, by {@link #join}, and notes on the request that it did. Each of them still takes it, books it and passes it on. A request
 * that one of their statements refuses is begun anew by each for itself, so that it is refused where it would have been;
 * what others of their statements failed at is counted twice then.
 */
public final class LivePrograms {
    private final Ledger ledger;
    private final boolean dropsEmpty;
    /** Whether as many items leave as came in. */
    private final boolean onlyEdits;

    private final Environment environment;
    /** Of programs that were replaced. */
    private final Counter formerErrors = new Counter();

    private volatile Programs programs;

    /** Those behind that this one does the work of. */
    private volatile Ahead ahead = new Ahead(List.of());
    /** With the work of those; the same as {@link #programs} if there are none. */
    private volatile Programs joined;

    private @Nullable LivePrograms before;

    /** Noted on requests: whose work was done already. */
    private record Ahead(List<LivePrograms> of) {}

    /**
     * Without any step until {@link #use} is called.
     *
     * @param errors what is counted, for people
     * @param dropsEmpty as of {@link Programs}
     */
    public LivePrograms(ComponentContext context, String errors, boolean dropsEmpty) {
        this.ledger = context.ledger();
        this.dropsEmpty = dropsEmpty;
        this.programs = new Programs(List.of(), dropsEmpty);
        this.joined = programs;
        this.onlyEdits = !dropsEmpty && context.theSignal() != Signal.METRICS;
        this.environment = environment(context);
        context.metrics()
                .counter(
                        "weir_processor_statement_errors",
                        errors,
                        () -> formerErrors.value() + programs.errors(),
                        "processor",
                        context.id().toString(),
                        "pipeline",
                        context.pipeline());
    }

    /** What statements and conditions of a component take from outside their items. */
    public static Environment environment(ComponentContext context) {
        return new Environment(
                context.process().clock(),
                context.timer()::nanoTime,
                () -> ThreadLocalRandom.current().nextLong());
    }

    /**
     * Does these steps from now on.
     *
     * @param steps makes them; what it throws is thrown, and the former steps hold
     */
    public void use(Function<Environment, List<Programs.Step>> steps) {
        Programs changed = new Programs(steps.apply(environment), dropsEmpty);
        formerErrors.add(programs.errors());
        programs = changed;
        rejoin();
    }

    /**
     * Does from now on what those of the processor behind it do as well, if they only edit. Called before the start, of the last
     * processor of a pipeline first.
     */
    public void join(LivePrograms next) {
        if (next.onlyEdits) {
            List<LivePrograms> behind = new ArrayList<>(List.of(next));
            behind.addAll(next.ahead.of);
            ahead = new Ahead(List.copyOf(behind));
            next.before = this;
            rejoin();
        }
    }

    private void rejoin() {
        Programs own = programs;
        List<LivePrograms> behind = ahead.of;
        joined = behind.isEmpty()
                ? own
                : own.andThen(behind.stream().map(other -> other.programs).toList());
        if (before != null) {
            before.rejoin();
        }
    }

    /**
     * Does all steps to a request, of which nothing is booked unless it is refused.
     *
     * @return null if a step could not be done whose error mode is to say so: the request was refused, and the answer given
     */
    public Programs.@Nullable Outcome run(Batch batch, DeliveryCallback done) {
        if (batch.note() instanceof Ahead(var those) && those.contains(this)) {
            return new Programs.Outcome(batch, 0, 0, 0);
        }
        Ahead behind = ahead;
        Programs all = joined;
        if (!behind.of.isEmpty() && !all.isOneByOne()) {
            try {
                Programs.Outcome of = all.run(batch);
                Batch left = of.batch();
                return left == null
                        ? of
                        : new Programs.Outcome(left.noted(behind), of.dropped(), of.made(), of.merged());
            } catch (OttlException e) {
                // Whose statement it was shows when each goes over the request for itself.
            }
        }
        try {
            return programs.run(batch);
        } catch (OttlException e) {
            ledger.receivedAndRefused(Reason.STATEMENT_FAILED, batch.items());
            done.complete(Delivery.rejected(Reason.STATEMENT_FAILED, String.valueOf(e.getMessage())));
            return null;
        }
    }

    /** Passes on what became of a request, and books how that ended. */
    public void pass(Batch before, Batch after, Consumer next, DeliveryCallback done) {
        int items = after.items();
        DeliveryCallback settled = done.after(delivery -> ledger.settle(items, delivery));
        if (after.isSameBytes(before)) {
            next.consume(after, settled);
        } else {
            Rewritten.pass(after, next, settled);
        }
    }
}
