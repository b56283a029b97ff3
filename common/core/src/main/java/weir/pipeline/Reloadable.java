package weir.pipeline;

/**
 * A component that takes changes of its live options while it runs.
 *
 * @param <C> its configuration
 */
public interface Reloadable<C extends Record> {
    /**
     * Takes a new configuration that differs from the former in options that are live ({@code @Option(live = true)}) and
     * nowhere else. What the component holds stays held; what it decides from now on, it decides by the new one. Called
     * while batches flow, by one thread at a time, and may block it.
     *
     * @throws RuntimeException if the new one cannot be used: the former must then still hold
     */
    void reload(C config);
}
