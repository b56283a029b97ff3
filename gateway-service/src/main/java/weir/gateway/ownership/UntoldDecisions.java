package weir.gateway.ownership;

import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;
import weir.hash.Member;
import weir.hash.Membership;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;

/**
 * In place of {@link DecisionTelling} where the file has no section {@code peers}: says it each time that gateways came to own
 * traces which they cannot be told anything about. Called by one thread at a time.
 */
final class UntoldDecisions {
    private final ComponentContext context;
    private final String self;
    private final Counter changes;
    private volatile boolean decides;
    private @Nullable Membership members;

    /** @param self the name of this gateway among the members */
    UntoldDecisions(ComponentContext context, String self) {
        this.context = context;
        this.self = self;
        changes = context.metrics()
                .counter(
                        "weir_ownership_untold_changes",
                        "Times that gateways came to own traces and could not be told what was decided about these, as there is"
                                + " no section peers",
                        "component",
                        context.id().toString());
    }

    /** There is a component behind this one that decides about traces. For any thread, before the start. */
    void decisionsAreMade() {
        decides = true;
    }

    /** The members changed. */
    void changed(Membership now) {
        Membership before = members;
        members = now;
        if (!decides || before == null || before.size() == 0) {
            return;
        }
        boolean left = before.indexOf(self) >= 0 && now.indexOf(self) < 0;
        List<String> owners = now.members().stream()
                .map(Member::name)
                .filter(name -> !name.equals(self) && (left || before.indexOf(name) < 0))
                .toList();
        if (!owners.isEmpty()) {
            changes.increment();
            context.logger()
                    .log(
                            Level.WARNING,
                            "{0} came to own traces and cannot be told what was decided about these, so that spans which come"
                                    + " late may be decided anew; add the section peers to ownership in all gateways' files",
                            String.join(", ", owners));
        }
    }
}
