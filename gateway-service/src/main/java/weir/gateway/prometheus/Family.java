package weir.gateway.prometheus;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** All series of one name: they share its type and help. Guarded by the store's lock. */
final class Family {
    /** What it takes in memory besides its name and help: an estimate, rounded up. */
    static final int OVERHEAD_BYTES = 400;

    /** As {@code # TYPE} names it. */
    enum Type {
        COUNTER,
        GAUGE,
        HISTOGRAM,
        SUMMARY,
        UNTYPED;

        final String text = name().toLowerCase(Locale.ROOT);
    }

    final String name;
    final Type type;
    final String help;

    /** How many of its series are in the store, those among them that are not shown. */
    int series;

    private @Nullable Series[] members = new Series[1];
    private int count;
    private Bounds bounds = Bounds.NONE;

    Family(String name, Type type, String help) {
        this.name = name;
        this.type = type;
        this.help = help;
    }

    long bytes() {
        return OVERHEAD_BYTES + 2L * name.length() + 2L * help.length();
    }

    void show(Series s) {
        if (count == members.length) {
            members = Arrays.copyOf(members, Math.max(4, count + (count >> 1)));
        }
        s.member = count;
        members[count++] = s;
    }

    /** Shows one series in the place of another. */
    void swap(Series shown, Series instead) {
        instead.member = shown.member;
        members[shown.member] = instead;
        shown.member = -1;
    }

    void hide(Series s) {
        Series last = Objects.requireNonNull(members[--count]);
        members[s.member] = last;
        last.member = s.member;
        s.member = -1;
        members[count] = null;
        if (count < members.length / 4) {
            members = Arrays.copyOf(members, Math.max(count, members.length / 2));
        }
    }

    /** The series that are shown at this moment. */
    Series[] shown() {
        Series[] shown = new Series[count];
        System.arraycopy(members, 0, shown, 0, count);
        return shown;
    }

    /** The bounds of these values, which are one object for as long as they stay the same. */
    Bounds bounds(String label, double[] values, int n) {
        if (!bounds.equal(values, n) || n == 0) {
            bounds = n == 0 ? Bounds.NONE : new Bounds(label, values, n);
        }
        return bounds;
    }
}
