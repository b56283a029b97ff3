package weir.launcher.up;

import java.io.PrintStream;
import java.time.Duration;

/** Standard output: a line that is written over on a terminal, and printed now and then where there is none. */
final class Terminal {
    private static final Duration PIPED_PERIOD = Duration.ofMinutes(1);

    private final PrintStream out;
    private final boolean rewrites;
    private long lastPrintedNanos;
    private boolean printedBefore;
    private boolean lineIsOpen;

    /** @param rewrites whether a carriage return goes back to the start of the line */
    Terminal(PrintStream out, boolean rewrites) {
        this.out = out;
        this.rewrites = rewrites;
    }

    /** A line that stays. */
    void line(String text) {
        endLive();
        out.println(text);
        out.flush();
    }

    /** The line that changes. */
    void live(String text, long nowNanos) {
        if (rewrites) {
            out.print("\r\033[K" + text);
            out.flush();
            lineIsOpen = true;
        } else if (!printedBefore || nowNanos - lastPrintedNanos >= PIPED_PERIOD.toNanos()) {
            printedBefore = true;
            lastPrintedNanos = nowNanos;
            out.println(text);
            out.flush();
        }
    }

    /** Leaves the live line as it is and goes to the next one. */
    void endLive() {
        if (lineIsOpen) {
            out.println();
            lineIsOpen = false;
        }
    }
}
