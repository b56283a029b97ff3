package weir.ottl.context;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
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
 */
public final class LivePrograms {
    private final Ledger ledger;
    private final boolean dropsEmpty;
    private final Environment environment;
    /** Of programs that were replaced. */
    private final Counter formerErrors = new Counter();

    private volatile Programs programs;

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
    }

    /**
     * Does all steps to a request, of which nothing is booked unless it is refused.
     *
     * @return null if a step could not be done whose error mode is to say so: the request was refused, and the answer given
     */
    public Programs.@Nullable Outcome run(Batch batch, DeliveryCallback done) {
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
        if (after == before) {
            next.consume(after, settled);
        } else {
            Rewritten.pass(after, next, settled);
        }
    }
}
