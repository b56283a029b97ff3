package weir.launcher.up;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Turns sums into one line of rates over the last ten seconds. Belongs to one thread. */
final class LiveLine {
    private static final double WINDOW_SECONDS = 10;

    private record Sample(long nanos, Figures figures) {}

    private final Deque<Sample> window = new ArrayDeque<>();

    /** @param nowNanos monotonic */
    String say(long nowNanos, Figures now) {
        @Nullable Sample last = window.peekLast();
        if (last != null && now.traces() < last.figures().traces()) {
            // A gateway went away and took its sums with it.
            window.clear();
        }
        window.addLast(new Sample(nowNanos, now));
        while (window.size() > 2 && (nowNanos - window.getFirst().nanos()) / 1e9 > WINDOW_SECONDS) {
            window.removeFirst();
        }
        Sample from = window.getFirst();
        double seconds = Math.max(1e-3, (nowNanos - from.nanos()) / 1e9);
        double in = (now.traces() - from.figures().traces()) / seconds;
        double kept = (now.kept() - from.figures().kept()) / seconds;
        double dropped = (now.dropped() - from.figures().dropped()) / seconds;
        double late = (now.late() - from.figures().late()) / seconds;
        double decided = kept + dropped;
        return String.format(
                Locale.ROOT,
                "in %.1f/s · kept %.1f/s (%.0f %%) · dropped %.1f/s · late %.1f/s · held %.0f traces",
                in,
                kept,
                decided == 0 ? 0 : 100 * kept / decided,
                dropped,
                late,
                now.held());
    }
}
