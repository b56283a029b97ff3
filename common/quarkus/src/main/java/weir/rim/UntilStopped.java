package weir.rim;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;

/** The body of a service's process: says when it is ready, or why it is not, and waits for the end. */
public class UntilStopped implements QuarkusApplication {
    static final String UNTIL_STDIN_ENDS = "weir.until-stdin-ends";

    private final StartOutcome outcome;

    UntilStopped(StartOutcome outcome) {
        this.outcome = outcome;
    }

    @Override
    public int run(String... args) {
        if (!outcome.startFailure().isEmpty()) {
            System.err.println(outcome.startFailure());
            return 1;
        }
        if (Boolean.getBoolean(UNTIL_STDIN_ENDS)) {
            Thread.ofPlatform().name("weir-stdin").daemon().start(UntilStopped::stopAtEndOfStdin);
        }
        Quarkus.waitForExit();
        return 0;
    }

    private static void stopAtEndOfStdin() {
        try {
            System.in.transferTo(java.io.OutputStream.nullOutputStream());
        } catch (IOException e) {
            // A broken pipe is an end too.
        }
        Quarkus.asyncExit(0);
    }
}
