package weir.gateway.ownership;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.hash.Membership;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.testing.TestContexts;

class UntoldDecisionsTest {
    private final ComponentContext context = TestContexts.of("processor", "ownership", Signal.TRACES);
    private final UntoldDecisions untold = new UntoldDecisions(context, "a");

    private static Membership members(String... names) {
        return Membership.of(Stream.of(names).map(n -> new Member(n, n + ":1")).toList(), 1);
    }

    private double changes() {
        return context.metrics().value("weir_ownership_untold_changes", "component", "ownership");
    }

    @Test
    void changed_anotherJoins_isCountedEachTime() {
        untold.decisionsAreMade();
        untold.changed(members());
        untold.changed(members("a", "b"));
        assertThat(changes()).as("nothing was decided before").isZero();

        untold.changed(members("a", "b", "c"));
        untold.changed(members("a", "b", "c", "d"));

        assertThat(changes()).isEqualTo(2);
    }

    @Test
    void changed_anotherLeaves_isNothing() {
        untold.decisionsAreMade();
        untold.changed(members("a", "b"));

        untold.changed(members("a"));

        assertThat(changes())
                .as("the leaving one decided; what this one decided stays its own")
                .isZero();
    }

    @Test
    void changed_thisOneLeaves_theOthersCannotBeTold() {
        untold.decisionsAreMade();
        untold.changed(members("a", "b"));

        untold.changed(members("b"));

        assertThat(changes()).isEqualTo(1);
    }

    @Test
    void changed_nothingIsDecidedHere_isNothing() {
        untold.changed(members("a", "b"));

        untold.changed(members("a", "b", "c"));

        assertThat(changes()).isZero();
    }
}
