package weir.processor.transform;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.config.Checked;
import weir.otlp.Signal;
import weir.ottl.Conditions;
import weir.ottl.Environment;
import weir.ottl.StatementException;
import weir.ottl.Statements;
import weir.ottl.context.ContextFunctions;
import weir.ottl.context.Contexts;
import weir.ottl.context.Item;
import weir.ottl.context.ItemContext;
import weir.ottl.context.Level;
import weir.ottl.context.Programs;
import weir.ottl.context.Sources;

/** Makes what a transform does of its configuration. */
final class TransformSteps {
    private TransformSteps() {}

    /** Does statements to what meets one of the conditions. */
    private record Edit(Level level, @Nullable Conditions<Item> conditions, Statements<Item> statements)
            implements Programs.Step {
        @Override
        public boolean at(Item item) {
            if (conditions == null || conditions.test(item)) {
                statements.execute(item);
            }
            return true;
        }

        @Override
        public Programs.Step copy() {
            return new Edit(level, conditions == null ? null : conditions.copy(), statements.copy());
        }

        @Override
        public long errors() {
            return statements.errors() + (conditions == null ? 0 : conditions.errors());
        }
    }

    /** The steps of a checked configuration. */
    static List<Programs.Step> of(List<TransformConfig.Source> sources, Signal signal, Environment environment) {
        List<Programs.Step> steps = new ArrayList<>();
        for (TransformConfig.Source source : sources) {
            try {
                ItemContext context = context(source, signal);
                steps.add(new Edit(
                        context.level(),
                        conditions(source, context, environment),
                        Statements.compile(source.statements(), context, source.mode(), environment)));
            } catch (StatementException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
        return steps;
    }

    private static ItemContext context(TransformConfig.Source source, Signal signal) throws StatementException {
        return Sources.context(
                source.context(),
                source.statements(),
                source.conditions(),
                Contexts.of(signal, ContextFunctions.ofTransform()));
    }

    private static @Nullable Conditions<Item> conditions(
            TransformConfig.Source source, ItemContext context, Environment environment) throws StatementException {
        return source.conditions().isEmpty()
                ? null
                : Conditions.compile(source.conditions(), context, source.mode(), environment);
    }

    /** Reports what is wrong with statements and conditions. */
    static void check(List<TransformConfig.Source> sources, Signal signal, Checked.Complaints complaints) {
        for (TransformConfig.Source source : sources) {
            try {
                ItemContext context = context(source, signal);
                try {
                    conditions(source, context, Environment.NOWHERE);
                } catch (StatementException e) {
                    Sources.report(e, source.conditionOptions(), complaints);
                }
                Statements.compile(source.statements(), context, source.mode(), Environment.NOWHERE);
            } catch (StatementException e) {
                Sources.report(e, source.statementOptions(), complaints);
            } catch (IllegalArgumentException e) {
                complaints.error(source.statementOptions().getFirst(), String.valueOf(e.getMessage()));
            }
        }
    }
}
