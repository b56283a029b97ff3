package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Account;
import weir.load.Sender;
import weir.load.Sender.Patience;
import weir.load.Shape;
import weir.load.Sink;

/**
 * Experiment 20: an agent and a gateway in 512 MiB each, with ten times the load that the backend takes, then as much as the
 * machine can send; from clients that come back whatever they are told.
 */
@Tag("faults")
class OverloadTest {
    /**
     * A trace comes in one request. Of one that is spread over several the part that keeps it may come last, for requests
     * that were refused come later; where memory is short it is decided before that, as its other parts say.
     */
    private static final Shape SHAPE = new Shape(128, 8, 1, 4, 0, 2, 0);

    private static final int CONNECTIONS = 96;
    private static final double KEPT = 0.118;
    private static final double BACKEND_RATE = 1_000;
    private static final long LIMIT_MIB = 512;
    private static final long MOST_MIB = LIMIT_MIB * 95 / 100;
    private static final double LEAST_GOODPUT = 0.8;
    private static final int RECOVERY_SECONDS = 5;
    private static final Duration WAIT = Duration.ofSeconds(Experiment.SECONDS < 120 ? 5 : 30);

    @TempDir
    Path directory;

    @Test
    void experiment20_overload_isRefused_andMemoryStaysFlat() throws Exception {
        try (MemoryBox agentBox = MemoryBox.of("agent", LIMIT_MIB << 20);
                MemoryBox gatewayBox = MemoryBox.of("gateway", LIMIT_MIB << 20);
                Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(
                        directory,
                        1,
                        backend.port(),
                        WAIT,
                        Topology.KEEP_SOME,
                        new Topology.Boxes(
                                agentBox.prefix(),
                                gatewayBox.prefix(),
                                Map.of("WEIR_JAVA_OPTS", "-Xmx288m -XX:MaxDirectMemorySize=64m")))) {
            Memory memory = new Memory(weir);
            backend.limit(BACKEND_RATE);
            double capacity = BACKEND_RATE / KEPT;
            try (Sender sender = new Sender(SHAPE, List.of(weir.grpc()), CONNECTIONS, 1.5 * capacity, 1)) {
                memory.watch((int) WAIT.toSeconds() + 10);
                double best = memory.rate(backend, 10);

                sender.patience(Patience.NONE);
                sender.rate(10 * capacity);
                long offered = sender.refusals() * SHAPE.perRequest() + sender.acknowledged();
                double goodput = memory.rate(backend, Experiment.SECONDS * 2 / 3);
                offered = sender.refusals() * SHAPE.perRequest() + sender.acknowledged() - offered;
                long refusals = sender.refusals();
                int recovered = recovery(sender, 0.5 * capacity, memory);

                backend.limit(0);
                sender.rate(0);
                long before = sender.acknowledged();
                memory.watch(Experiment.SECONDS / 3);
                double most = (sender.acknowledged() - before) / (Experiment.SECONDS / 3.0);
                int recoveredAgain = recovery(sender, 0.5 * capacity, memory);

                Account account = weir.settle(sender, backend);
                Experiment.saw(
                        "20",
                        "%d s of %.0f spans a second offered, %.1f times what the backend takes: goodput %.1f %% (at least 80 %%),"
                                + " %d refusals, recovered in %d s (at most 5)",
                        Experiment.SECONDS * 2 / 3,
                        offered / (Experiment.SECONDS * 2 / 3.0),
                        offered / (Experiment.SECONDS * 2 / 3.0) / capacity,
                        100 * goodput / best,
                        refusals,
                        recovered);
                Experiment.saw(
                        "20",
                        "%d s as fast as can be: %.0f spans a second taken, recovered in %d s (at most 5)",
                        Experiment.SECONDS / 3,
                        most,
                        recoveredAgain);
                Experiment.saw(
                        "20",
                        "resident MiB, at most %d of %d%s: %s; %d kills for memory; %s",
                        MOST_MIB,
                        LIMIT_MIB,
                        agentBox.exists() ? "" : " (no cgroup could be made)",
                        memory,
                        agentBox.kills() + gatewayBox.kills(),
                        account);
                assertThat(agentBox.kills() + gatewayBox.kills()).isZero();
                assertThat(Collections.max(memory.agent)).as("%s", memory).isLessThan(MOST_MIB);
                assertThat(Collections.max(memory.gateway)).as("%s", memory).isLessThan(MOST_MIB);
                assertThat(offered / (Experiment.SECONDS * 2 / 3.0)).isGreaterThan(8 * capacity);
                assertThat(goodput).isGreaterThan(LEAST_GOODPUT * best);
                assertThat(recovered).isLessThanOrEqualTo(RECOVERY_SECONDS);
                assertThat(recoveredAgain).isLessThanOrEqualTo(RECOVERY_SECONDS);
                assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
                assertThat(account.missing()).as("%s", account).isZero();
                assertThat(account.tracesSplit()).as("%s", account).isZero();
                weir.assertQuiet();
            }
        }
    }

    /** Takes the load back to what there is room for; after how many seconds all of it was taken again. */
    private static int recovery(Sender sender, double rate, Memory memory) throws IOException {
        sender.rate(rate);
        sender.patience(Patience.AS_TOLD);
        int last = 0;
        for (int second = 1; second <= 2 * RECOVERY_SECONDS; second++) {
            long before = sender.refusals();
            memory.watch(1);
            last = sender.refusals() > before ? second : last;
        }
        return last;
    }

    /** The resident memory of an agent and a gateway, second by second. */
    private static final class Memory {
        private final Topology weir;
        private final List<Long> agent = new ArrayList<>();
        private final List<Long> gateway = new ArrayList<>();

        Memory(Topology weir) {
            this.weir = weir;
        }

        void watch(int seconds) throws IOException {
            for (int i = 0; i < seconds; i++) {
                Await.pause(1_000);
                agent.add(weir.agent().usage().rssBytes() >> 20);
                gateway.add(weir.gateway(0).usage().rssBytes() >> 20);
            }
        }

        /** Spans a second that the backend took meanwhile. */
        double rate(Sink backend, int seconds) throws IOException {
            long before = backend.spans();
            long begin = System.nanoTime();
            watch(seconds);
            return (backend.spans() - before) * 1e9 / (System.nanoTime() - begin);
        }

        @Override
        public String toString() {
            return "agent " + shown(agent) + ", gateway " + shown(gateway);
        }

        /** Every so many seconds, and the most. */
        private static String shown(List<Long> all) {
            List<Long> some = new ArrayList<>();
            for (int i = 0; i < all.size(); i += Math.max(1, all.size() / 8)) {
                some.add(all.get(i));
            }
            return some + " most " + Collections.max(all);
        }
    }
}
