package weir.ottl;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import weir.ottl.syntax.Expression.Relation;

class CompareTest {
    private static final Value NIL = new Value();
    private static final Value NO_BYTES = new Value().set(Value.Kind.BYTES, new byte[0], 0, 0);
    private static final Value BYTES = new Value().set(Value.Kind.BYTES, new byte[] {1}, 0, 1);
    private static final Value NO_TEXT = new Value().set(Value.Kind.STRING, new byte[0], 0, 0);

    /** The collector reads an attribute of no bytes as a slice that is nil; seen beside it. */
    @Test
    void holds_noBytesAndNil_areEqual() {
        assertThat(Compare.holds(Relation.EQUAL, NO_BYTES, NIL)).isTrue();
        assertThat(Compare.holds(Relation.EQUAL, NIL, NO_BYTES)).isTrue();
        assertThat(Compare.holds(Relation.NOT_EQUAL, NO_BYTES, NIL)).isFalse();
    }

    @Test
    void holds_somethingAndNil_areNotEqual() {
        assertThat(Compare.holds(Relation.EQUAL, BYTES, NIL)).isFalse();
        assertThat(Compare.holds(Relation.NOT_EQUAL, NIL, BYTES)).isTrue();
        assertThat(Compare.holds(Relation.EQUAL, NO_TEXT, NIL)).isFalse();
        assertThat(Compare.holds(Relation.LESS, NIL, BYTES)).isFalse();
    }
}
