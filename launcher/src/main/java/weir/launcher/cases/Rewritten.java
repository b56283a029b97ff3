package weir.launcher.cases;

import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.gateway.sampling.TailSamplingConfig;

/**
 * The configuration of a component as cases need it: nothing is written to disk, what is undecided at the end is decided, no
 * more memory is set aside than a few spans take, and chance is the case's.
 */
final class Rewritten {
    private static final String PERCENTAGE = "samplingPercentage";
    private static final double ALL = 100;
    private static final int FEW_DECISIONS = 1000;
    private static final int HELD_MIB = 16;

    private final double draw;

    private Rewritten(double draw) {
        this.draw = draw;
    }

    /** @param draw the lot that is drawn, 0 to 100: shares above it are all, the others nothing */
    static <R extends Record> R of(R config, double draw) {
        return new Rewritten(draw).record(config);
    }

    private @Nullable Object of(RecordComponent option, @Nullable Object value) throws ReflectiveOperationException {
        Class<?> section = option.getDeclaringRecord();
        if (section == TailSamplingConfig.class) {
            switch (option.getName()) {
                case "dropPendingTracesOnShutdown" -> {
                    return false;
                }
                case "numShards" -> {
                    return 1;
                }
                default -> {}
            }
        }
        if (section == TailSamplingConfig.WeirConfig.class) {
            switch (option.getName()) {
                case "journal", "stress" -> {
                    return null;
                }
                case "maxHeldMib" -> {
                    return HELD_MIB;
                }
                case "explainedMib" -> {
                    return 1;
                }
                default -> {}
            }
        }
        if (section == TailSamplingConfig.DecisionCacheConfig.class) {
            return FEW_DECISIONS;
        }
        if (option.getName().equals(PERCENTAGE) && value instanceof Double share) {
            return share >= ALL || share > draw ? ALL : 0.0;
        }
        return switch (value) {
            case Record nested -> record(nested);
            case List<?> list -> list(list);
            case null, default -> value;
        };
    }

    private List<?> list(List<?> list) {
        List<Object> changed = new ArrayList<>();
        list.forEach(item -> changed.add(item instanceof Record nested ? record(nested) : item));
        return changed.equals(list) ? list : List.copyOf(changed);
    }

    @SuppressWarnings("unchecked")
    private <R extends Record> R record(R record) {
        RecordComponent[] options = record.getClass().getRecordComponents();
        @Nullable Object[] values = new Object[options.length];
        boolean changed = false;
        try {
            for (int i = 0; i < options.length; i++) {
                options[i].getAccessor().setAccessible(true);
                Object before = options[i].getAccessor().invoke(record);
                values[i] = of(options[i], before);
                changed |= !Objects.equals(values[i], before);
            }
            if (!changed) {
                return record;
            }
            Constructor<?> constructor = record.getClass()
                    .getDeclaredConstructor(
                            Arrays.stream(options).map(RecordComponent::getType).toArray(Class<?>[]::new));
            constructor.setAccessible(true);
            return (R) constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(record.getClass() + " cannot be made anew", e);
        }
    }
}
