package weir.pipeline;

/** A step of a pipeline: consumes batches and passes what it makes of them to the consumer it was made with. */
public interface Processor extends Component, Consumer {}
