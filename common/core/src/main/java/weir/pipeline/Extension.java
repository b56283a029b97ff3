package weir.pipeline;

/** A part of the service beside its pipelines: a health endpoint, a storage. */
public interface Extension extends Component {}
