package weir.pipeline;

/** Where telemetry leaves a pipeline. */
public interface Exporter extends Component, Consumer {}
