package weir.members;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import weir.hash.Member;
import weir.hash.Membership;
import weir.hash.Ring;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;

class RosterTest {
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final Duration SPREAD = Duration.ofSeconds(1);

    private final ManualTimer timer = new ManualTimer();
    private final ComponentContext context = TestContexts.of("exporter", "load_balancing", Signal.TRACES, timer);
    private final List<Membership> snapshots = new ArrayList<>();
    private final Roster roster =
            new Roster(context, new NoSource(), Ring.RENDEZVOUS, GRACE, snapshots::add, Runnable::run, () -> 0.5);

    @Test
    void found_theFirstTime_holdsAtOnceAndKeepsWhoIsNotReady() {
        assertThat(roster.trouble()).contains("no backend was found yet");

        roster.found(List.of(ready("gw-1"), notReady("gw-0")));

        assertThat(names()).containsExactly("gw-0", "gw-1");
        assertThat(roster.trouble()).isEmpty();
        assertThat(metric("otelcol_loadbalancer_num_backends")).isEqualTo(2);
        assertThat(metric("otelcol_loadbalancer_num_resolutions", "success", "true"))
                .isEqualTo(1);
    }

    @Test
    void found_memberIsGoneAndComesBackElsewhere_staysMemberAllTheTime() {
        found("gw-0", "gw-1");

        found("gw-0");
        timer.advance(GRACE.minusSeconds(1));
        assertThat(names()).containsExactly("gw-0", "gw-1");
        assertThat(metric("weir_members_away")).isEqualTo(1);
        roster.found(List.of(ready("gw-0"), new Sighting(new Member("gw-1", "10.0.0.9:1"), true, true)));
        timer.advance(GRACE);

        assertThat(snapshots).hasSize(2);
        assertThat(roster.current().members().get(1).address()).isEqualTo("10.0.0.9:1");
        assertThat(metric("weir_members_away")).isZero();
    }

    @Test
    void found_memberIsGoneForLongerThanGrace_leaves() {
        found("gw-0", "gw-1");

        found("gw-0");
        timer.advance(Duration.ofSeconds(30));
        found("gw-0");
        timer.advance(Duration.ofSeconds(30).plus(SPREAD));

        assertThat(names()).containsExactly("gw-0");
        assertThat(snapshots).hasSize(2);
        assertThat(roster.current().generation()).isEqualTo(2);
    }

    @Test
    void found_newMemberThatIsNotReady_joinsWhenItIs() {
        found("gw-0");

        roster.found(List.of(ready("gw-0"), notReady("gw-1")));
        timer.advance(SPREAD);
        assertThat(names()).containsExactly("gw-0");
        found("gw-0", "gw-1");
        timer.advance(SPREAD);
        assertThat(names()).containsExactly("gw-0", "gw-1");

        roster.found(List.of(ready("gw-0"), notReady("gw-1")));
        timer.advance(SPREAD);
        assertThat(names()).containsExactly("gw-0", "gw-1");
    }

    @Test
    void found_addressesInsteadOfNames_areReplacedWithoutGrace() {
        roster.found(List.of(address("10.0.0.1:1"), address("10.0.0.2:1")));
        roster.found(List.of(address("10.0.0.3:1"), address("10.0.0.2:1")));
        timer.advance(SPREAD);

        assertThat(names()).containsExactly("10.0.0.2:1", "10.0.0.3:1");
    }

    @Test
    void found_changesFollowEachOtherQuickly_makeOneSnapshotAfterAPartOfASecond() {
        found("gw-0");
        found("gw-0", "gw-1");
        found("gw-0", "gw-1", "gw-2");
        timer.advance(Duration.ofMillis(499));
        assertThat(snapshots).hasSize(1);
        timer.advance(Duration.ofMillis(1));

        assertThat(snapshots).hasSize(2);
        assertThat(names()).hasSize(3);
    }

    @Test
    void failed_orNobodyFound_changesNothing() {
        roster.failed("no such host");
        assertThat(roster.trouble()).isEqualTo("dns: no such host");
        found("gw-0", "gw-1");

        roster.found(List.of());
        roster.failed("timed out");
        timer.advance(GRACE.multipliedBy(3));

        assertThat(names()).containsExactly("gw-0", "gw-1");
        assertThat(roster.trouble()).isEmpty();
        assertThat(metric("otelcol_loadbalancer_num_resolutions", "success", "false"))
                .isEqualTo(3);
    }

    @Test
    void close_changesUnderWay_areNotCarriedOut() {
        found("gw-0");
        found("gw-0", "gw-1");
        roster.close();
        timer.advance(GRACE);

        assertThat(snapshots).hasSize(1);
        assertThat(timer.planned()).isZero();
    }

    private void found(String... names) {
        roster.found(Stream.of(names).map(RosterTest::ready).toList());
    }

    private static Sighting ready(String name) {
        return new Sighting(new Member(name, name + ":4317"), true, true);
    }

    private static Sighting notReady(String name) {
        return new Sighting(new Member(name, name + ":4317"), false, true);
    }

    private static Sighting address(String address) {
        return new Sighting(new Member(address, address), true, false);
    }

    private List<String> names() {
        return roster.current().members().stream().map(Member::name).toList();
    }

    private double metric(String name, String... labels) {
        return context.metrics().value(name, labels);
    }

    /** One that is told by the test what it finds. */
    private static final class NoSource implements MemberSource {
        @Override
        public String kind() {
            return "dns";
        }

        @Override
        public void start(Listener listener) {}

        @Override
        public void close() {}
    }
}
