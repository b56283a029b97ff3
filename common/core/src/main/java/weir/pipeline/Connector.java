package weir.pipeline;

/** An exporter of one pipeline that is a receiver of others. */
public interface Connector extends Component, Consumer {}
