package weir.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Finds the options in which two configurations differ. */
public final class Differences {
    private Differences() {}

    /**
     * An option that changed.
     *
     * @param path such as {@code weir.journal.sync}; a list or mapping is one option
     * @param live whether it, or the option that it is a part of, takes effect while the service runs
     */
    public record Change(String path, boolean live) {}

    /** @return empty if they are equal */
    public static <R extends Record> List<Change> between(R former, R next) {
        List<Change> changes = new ArrayList<>();
        compare(former, next, "", false, changes);
        return changes;
    }

    private static void compare(Record former, Record next, String prefix, boolean live, List<Change> changes) {
        for (RecordComponent component : former.getClass().getRecordComponents()) {
            Object a = value(component, former);
            Object b = value(component, next);
            if (component.isAnnotationPresent(Inlined.class) && a instanceof Record x && b instanceof Record y) {
                compare(x, y, prefix, live, changes);
                continue;
            }
            OptionSpec option = OptionSpec.of(component);
            String path = prefix + option.name();
            boolean liveHere = live || option.live();
            if (a instanceof Record x && b instanceof Record y && x.getClass() == y.getClass() && !isValue(x)) {
                compare(x, y, path + ".", liveHere, changes);
            } else if (!Objects.equals(a, b)) {
                changes.add(new Change(path, liveHere));
            }
        }
    }

    private static boolean isValue(Record record) {
        return Binder.isWrittenAsText(record.getClass());
    }

    private static @Nullable Object value(RecordComponent component, Record record) {
        try {
            Method accessor = component.getAccessor();
            accessor.setAccessible(true);
            return accessor.invoke(record);
        } catch (IllegalAccessException | InvocationTargetException e) {
            throw new IllegalStateException(e);
        }
    }
}
