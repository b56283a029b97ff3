package weir.pipeline;

/** Where telemetry enters: opens its own listeners, passes what arrives to the consumers it was made with. */
public interface Receiver extends Component {}
