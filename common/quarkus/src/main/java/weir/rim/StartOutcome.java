package weir.rim;

/** Whether a service could start doing its job; the process ends with the reason where it could not. */
public interface StartOutcome {
    /** What prevented the start, as a sentence with the service's name; empty when it was started. */
    String startFailure();
}
