package weir.rim;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;

/** The body of a service's process: says when it is ready, or why it is not, and waits for the end. */
public class UntilStopped implements QuarkusApplication {
    static final String UNTIL_STDIN_ENDS = "weir.until-stdin-ends";
    static final String TRAINING = "weir.training";

    /** The end is still to come, and decides on the status: 0 unless {@link Quarkus#asyncExit(int)} says otherwise. */
    private static final int UNDECIDED = -1;

    private final StartOutcome outcome;

    UntilStopped(StartOutcome outcome) {
        this.outcome = outcome;
    }

    @Override
    public int run(String... args) throws IOException {
        if (!outcome.startFailure().isEmpty()) {
            System.err.println(outcome.startFailure());
            return 1;
        }
        if (Boolean.getBoolean(TRAINING)) {
            Training.ask();
            return UNDECIDED;
        }
        if (Boolean.getBoolean(UNTIL_STDIN_ENDS)) {
            Thread.ofPlatform().name("weir-stdin").daemon().start(UntilStopped::stopAtEndOfStdin);
        }
        if (!StopSignals.came()) {
            Quarkus.waitForExit();
        }
        return UNDECIDED;
    }

    private static void stopAtEndOfStdin() {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe is an end too.
        }
        Quarkus.asyncExit();
    }
}
