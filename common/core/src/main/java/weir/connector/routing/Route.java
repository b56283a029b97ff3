package weir.connector.routing;

import weir.ottl.Conditions;
import weir.ottl.Statements;
import weir.ottl.context.Item;
import weir.ottl.context.Level;

/**
 * An entry of the table, compiled. Belongs to one thread at a time.
 *
 * @param level of what it routes
 * @param edits whether it changes what it routes
 * @param target the number of where it leads
 */
record Route(Level level, boolean edits, Action action, int target, Match match) {
    /** What decides whether something is routed. */
    sealed interface Match {
        /** Whether it meets the condition; edits it, if that is what the statement does. */
        boolean test(Item item);

        /** The same for another thread. */
        Match copy();

        /** How often it could not be evaluated by now, by all copies. For any thread. */
        long errors();
    }

    record ByCondition(Conditions<Item> conditions) implements Match {
        @Override
        public boolean test(Item item) {
            return conditions.test(item);
        }

        @Override
        public Match copy() {
            return new ByCondition(conditions.copy());
        }

        @Override
        public long errors() {
            return conditions.errors();
        }
    }

    record ByStatement(Statements<Item> statements) implements Match {
        @Override
        public boolean test(Item item) {
            return statements.execute(item);
        }

        @Override
        public Match copy() {
            return new ByStatement(statements.copy());
        }

        @Override
        public long errors() {
            return statements.errors();
        }
    }

    Route copy() {
        return new Route(level, edits, action, target, match.copy());
    }

    /** Whether it can be asked with another: they route the same kind of thing, and none sees what the other changed. */
    boolean goesWith(Route other) {
        return level == other.level && !edits && !other.edits;
    }
}
