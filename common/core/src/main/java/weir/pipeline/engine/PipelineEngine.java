package weir.pipeline.engine;

import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.otlp.Signal;
import weir.pipeline.Component;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentId;
import weir.pipeline.Ledger;
import weir.pipeline.ProcessContext;
import weir.pipeline.Reloadable;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;
import weir.telemetry.Metrics;

/**
 * The running pipelines of one file. The methods that change something are called by one thread at a time; those that ask
 * may be called by any.
 */
public final class PipelineEngine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PipelineEngine.class.getName());

    /** One component that was made. */
    public record Running(ComponentContext context, Component component) {
        /** "exporter otlp (traces)", for people. */
        public String label() {
            Signal signal = context.signal();
            String pipeline = context.pipeline();
            return context.kind() + " " + context.id()
                    + (!pipeline.isEmpty() ? " (" + pipeline + ")" : signal == null ? "" : " (" + signal.label() + ")");
        }
    }

    /** What keeps a component from doing its job. */
    public record Trouble(
            String kind, ComponentId id, @Nullable Signal signal, String pipeline, String text) {}

    /** The sums of all accounts of one kind of component; {@code difference} is 0 whenever nothing is in flight. */
    public record Totals(
            long received, long recovered, long delivered, long dropped, long refused, long held, long difference) {}

    /** What prevented the start, for the user: which component, and its own words. */
    public static final class StartException extends Exception {
        private StartException(String message, Throwable cause) {
            super(message, cause);
        }
    }

    private volatile PipelineModel model;
    /** In the order of their start: extensions, then from the exporters back to the receivers. */
    private final List<Running> running;

    private final List<Ledger> ledgers;
    private int started;

    private PipelineEngine(PipelineModel model, Assembly assembly) {
        this.model = model;
        this.running = assembly.running();
        this.ledgers = assembly.ledgers();
    }

    /** Makes the components of a model and joins them; nothing is started. */
    public static PipelineEngine build(PipelineModel model, ProcessContext process, Metrics metrics, Timer timer) {
        return new PipelineEngine(model, new Assembly(model, process, metrics, timer));
    }

    /**
     * Starts extensions, then each pipeline from its exporters back to its receivers. If one fails, those that were
     * started are closed again.
     *
     * @throws StartException what failed, for the user
     */
    public void start() throws StartException, InterruptedException {
        for (Running next : running) {
            try {
                started++;
                next.component.start();
            } catch (InterruptedException e) {
                close();
                throw e;
            } catch (Exception e) {
                close();
                String why = e.getMessage() == null ? e.toString() : e.getMessage();
                throw new StartException(next.label() + " could not start: " + why, e);
            }
        }
        LOG.log(
                Level.INFO,
                "{0} runs: {1} pipelines, {2} components",
                model.name(),
                model.pipelines().size(),
                started);
    }

    /**
     * Drains from the receivers forward, so that what one component lets go of is still taken by the next. Each gets at
     * most half of the time that is left, so that one which hangs leaves some to those behind it; the last may use it all.
     *
     * @return whether nothing is held any more
     */
    public boolean drain(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        boolean empty = true;
        for (int i = started - 1; i >= 0; i--) {
            Running next = running.get(i);
            long left = Math.max(0, end - System.nanoTime());
            Duration share = Duration.ofNanos(i == 0 ? left : left / 2);
            try {
                if (!next.component.drain(share)) {
                    empty = false;
                    LOG.log(Level.WARNING, "{0} still holds data after {1} ms", next.label(), share.toMillis());
                }
            } catch (RuntimeException e) {
                empty = false;
                LOG.log(Level.ERROR, next.label() + " could not be drained", e);
            }
        }
        return empty;
    }

    /** Closes what was started, receivers first. Idempotent. */
    @Override
    public void close() {
        while (started > 0) {
            Running next = running.get(--started);
            try {
                next.component.close();
            } catch (RuntimeException e) {
                LOG.log(Level.ERROR, next.label() + " could not be closed", e);
            }
        }
    }

    /** What a changed file would mean; changes nothing. */
    public Reload plan(PipelineModel next) {
        return Reload.plan(model, next, running);
    }

    /**
     * Lets components take their live options from a changed file. Nothing that is held is lost, and nothing is stopped.
     *
     * @return what was done, and what takes effect at the next start only
     * @throws RuntimeException if a component would not take its new configuration; those before it have taken theirs
     */
    public Reload reload(PipelineModel next) {
        Reload plan = plan(next);
        for (Running each : running) {
            Configured<?> configured = next.components().get(Reload.slot(each));
            if (configured != null && plan.live().contains(Reload.slot(each))) {
                reload(each.component, configured.config());
            }
        }
        model = plan.applied(model, next);
        return plan;
    }

    /** The factory that made the component has bound its configuration, so the types fit. */
    @SuppressWarnings("unchecked")
    private static <C extends Record> void reload(Component component, C config) {
        ((Reloadable<C>) component).reload(config);
    }

    /** What keeps components from doing their job; empty when all is well. */
    public List<Trouble> troubles() {
        List<Trouble> troubles = new ArrayList<>();
        for (Running each : running) {
            String text = each.component.trouble();
            if (!text.isEmpty()) {
                ComponentContext context = each.context;
                troubles.add(new Trouble(context.kind(), context.id(), context.signal(), context.pipeline(), text));
            }
        }
        return troubles;
    }

    /** The accounts of all components, one for each signal. */
    public List<Ledger> ledgers() {
        List<Ledger> all = new ArrayList<>();
        for (Ledger ledger : ledgers) {
            all.add(ledger);
            all.addAll(ledger.parts());
        }
        return all;
    }

    /** @param kind receiver, processor, ... */
    public Totals totals(String kind) {
        List<Ledger> those =
                ledgers().stream().filter(l -> l.kind().equals(kind)).toList();
        return new Totals(
                those.stream().mapToLong(Ledger::receivedItems).sum(),
                those.stream().mapToLong(Ledger::recoveredItems).sum(),
                those.stream().mapToLong(Ledger::deliveredItems).sum(),
                those.stream().mapToLong(Ledger::droppedItems).sum(),
                those.stream().mapToLong(Ledger::refusedItems).sum(),
                those.stream().mapToLong(Ledger::heldItems).sum(),
                those.stream().mapToLong(Ledger::difference).sum());
    }

    /** The pipelines as the file has them. */
    public List<PipelineModel.Pipeline> pipelines() {
        return model.pipelines();
    }

    /** What runs: after a reload that was not whole, the former model with the components that took their changes. */
    public PipelineModel model() {
        return model;
    }

    /** All components that were made, in the order of their start. */
    public List<Running> components() {
        return running;
    }

    /** The components of a class or interface, for what a service adds to them: a console, a peer protocol. */
    public <T> List<T> components(Class<T> type) {
        return running.stream()
                .map(Running::component)
                .filter(type::isInstance)
                .map(type::cast)
                .toList();
    }
}
