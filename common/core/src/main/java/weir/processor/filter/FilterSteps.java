package weir.processor.filter;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import weir.config.Checked;
import weir.otlp.Signal;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.StatementException;
import weir.ottl.context.ContextFunctions;
import weir.ottl.context.Contexts;
import weir.ottl.context.Item;
import weir.ottl.context.ItemContext;
import weir.ottl.context.Level;
import weir.ottl.context.Programs;
import weir.ottl.context.Sources;

/** Makes what a filter does of its configuration. */
final class FilterSteps {
    private FilterSteps() {}

    /** Drops what meets one of the conditions. */
    private record Drop(Level level, Conditions<Item> conditions) implements Programs.Step {
        @Override
        public boolean at(Item item) {
            return !conditions.test(item);
        }

        @Override
        public Programs.Step copy() {
            return new Drop(level, conditions.copy());
        }

        @Override
        public long errors() {
            return conditions.errors();
        }
    }

    /**
     * The steps of a checked configuration: conditions of outer levels come first, for what they drop need not be looked
     * into.
     */
    static List<Programs.Step> of(List<FilterConfig.Source> sources, Signal signal, Environment environment) {
        List<Programs.Step> steps = new ArrayList<>();
        for (FilterConfig.Source source : sources) {
            try {
                steps.add(step(source, signal, environment));
            } catch (StatementException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        steps.sort(Comparator.comparing(Programs.Step::level));
        return steps;
    }

    private static Programs.Step step(FilterConfig.Source source, Signal signal, Environment environment)
            throws StatementException {
        ItemContext context = Sources.context(
                source.context(), List.of(), source.conditions(), Contexts.of(signal, ContextFunctions.ofFilter()));
        return new Drop(context.level(), Conditions.compile(source.conditions(), context, source.mode(), environment));
    }

    /** Reports what is wrong with conditions. */
    static void check(List<FilterConfig.Source> sources, Signal signal, Checked.Complaints complaints) {
        for (FilterConfig.Source source : sources) {
            try {
                step(source, signal, Environment.NOWHERE);
            } catch (StatementException e) {
                Sources.report(e, source.options(), complaints);
            } catch (IllegalArgumentException e) {
                complaints.error(source.options().getFirst(), String.valueOf(e.getMessage()));
            }
        }
    }
}
