package weir.pipeline;

import java.lang.System.Logger;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import weir.flow.HeldBytes;
import weir.flow.Timer;
import weir.otlp.Signal;
import weir.telemetry.Metrics;

/**
 * What the engine gives a component besides its configuration.
 *
 * @param kind receiver, processor, connector, exporter or extension, as a metric label
 * @param id as written in the file
 * @param signal of the pipelines it was made for; null for receivers and extensions, which serve several
 * @param pipeline that a processor stands in, of which there may be one of the same id in each; empty for other components
 * @param metrics where its instruments are registered
 * @param ledger its account; for receivers, the account of the signal is {@code ledger.of(signal)}
 * @param held the bytes that it holds, of which the memory limiter sees the sum
 * @param timer runs short tasks later, on a thread that must not be blocked
 * @param process what the whole process shares
 * @param extensions those that the service starts; started before every other component
 */
public record ComponentContext(
        String kind,
        ComponentId id,
        @Nullable Signal signal,
        String pipeline,
        Metrics metrics,
        Ledger ledger,
        HeldBytes held,
        Timer timer,
        ProcessContext process,
        Map<ComponentId, Extension> extensions) {
    /** A logger named after the component. */
    public Logger logger() {
        return System.getLogger("weir." + kind + "." + id);
    }

    /** The signal, of a component that has just one. */
    public Signal theSignal() {
        if (signal == null) {
            throw new IllegalStateException(id + " serves several signals");
        }
        return signal;
    }
}
