package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.journal.DirectoryVolume;
import weir.journal.Journal;
import weir.journal.JournalOptions;
import weir.journal.Sync;
import weir.load.Account;
import weir.load.Ports;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiments 1, 3 and 6: what is on disk outlives kills, backends that are away, full disks and damage. */
@Tag("faults")
class JournalFaultsTest {
    private static final Shape SHAPE = Shape.usual();
    private static final double RATE = 10_000;
    private static final int CONNECTIONS = 4;
    private static final Duration A_WHILE = Duration.ofSeconds(60);
    private static final long MIB = 1 << 20;

    @TempDir
    Path directory;

    private final int[] ports = Ports.free(2);

    private static Sender sender(String address) {
        return new Sender(SHAPE, List.of(address), CONNECTIONS, RATE, 23);
    }

    @Test
    void experiment01_killOfAGatewayWithAJournal_losesNothing() throws Exception {
        String journaled = Topology.KEEP_ALL + "    weir: {journal: {max_mib: 256}}\n";
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 2, backend.port(), Duration.ofSeconds(3), journaled);
                Sender sender = sender(weir.grpc())) {
            Await.pause(1000L * Math.max(6, Experiment.SECONDS / 2));
            weir.gateway(0).kill();
            Await.pause(1_000);
            long begin = System.nanoTime();
            weir.restartGateway(0);
            double ready = (System.nanoTime() - begin) / 1e9;
            double recovered = weir.gateway(0).metrics().sum("weir_ledger_recovered_items_total");
            Await.pause(1000L * Math.max(4, Experiment.SECONDS / 2));

            Account account = allOf(sender, weir, backend);
            double twice = 100.0 * account.spansTwice() / account.spans();
            Experiment.saw(
                    "01",
                    "journal: %d traces incomplete of %d (0), %.3f %% of spans twice (at most 0.5), %.0f spans read back,"
                            + " ready %.1f s after its start (at most 5)",
                    account.incomplete(),
                    account.sent(),
                    twice,
                    recovered,
                    ready);
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            assertThat(recovered).isPositive();
            assertThat(account.incomplete()).as("%s", account).isZero();
            assertThat(account.spansForeign()).isZero();
            assertThat(twice).isLessThanOrEqualTo(0.5);
            assertThat(ready).isLessThan(5);
            weir.assertQuiet();
        }
    }

    private static Account allOf(Sender sender, Topology weir, Sink backend) throws InterruptedException {
        sender.stop();
        weir.settle();
        return backend.account(sender.traces(), sender.unacknowledged(), true);
    }

    @Test
    void experiment03_backendAway_losesNothingAndCatchesUp() throws Exception {
        Path storage = directory.resolve("storage");
        long maxBytes = 512 * MIB;
        try (Sink backend = new Sink(SHAPE, 0);
                Service agent = Service.ready(
                        "agent",
                        directory,
                        ports[1],
                        PipelineText.agentWithQueueOnDisk(storage, maxBytes, 16, ports[0], backend.port()));
                Sender sender = sender("127.0.0.1:" + ports[0])) {
            Await.pause(5_000);
            backend.down();
            long rss = 0;
            long disk = 0;
            for (int i = 0; i < Experiment.SECONDS; i++) {
                Await.pause(1_000);
                rss = Math.max(rss, agent.usage().rssBytes());
                disk = Math.max(disk, size(storage));
            }
            long backlog = (long) agent.held();
            long arrived = backend.spans();
            backend.up();
            long begin = System.nanoTime();
            Await.until("having caught up", A_WHILE.multipliedBy(10), () -> agent.held() < RATE / 4);
            double drained = (backend.spans() - arrived) * 1e9 / (System.nanoTime() - begin);
            sender.stop();
            Await.until("holding nothing", A_WHILE, () -> agent.held() == 0);

            Account account = backend.account(sender.traces(), sender.unacknowledged(), true);
            Experiment.saw(
                    "03",
                    "backend away for %d s: %d traces incomplete (0), %d refusals (0), %d spans waited, %d MiB of disk"
                            + " (at most %d), %d MiB resident (at most 400), drained at %.1f times the live rate (at least 1.5)",
                    Experiment.SECONDS,
                    account.incomplete(),
                    sender.refusals(),
                    backlog,
                    disk / MIB,
                    maxBytes / MIB + 16,
                    rss / MIB,
                    drained / RATE);
            assertThat(account.incomplete()).as("%s", account).isZero();
            assertThat(sender.refusals()).isZero();
            assertThat(disk).isLessThanOrEqualTo(maxBytes + 16 * MIB);
            assertThat(rss).isLessThan(400 * MIB);
            assertThat(drained).isGreaterThan(1.5 * RATE);
            assertThat(agent.metrics().imbalance()).isEmpty();
            agent.assertQuiet();
        }
    }

    private static long size(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            long sum = 0;
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                sum += Files.size(file);
            }
            return sum;
        }
    }

    private Service gateway(Path journal, int maxMib, int backendPort) {
        return Service.start(
                "gateway",
                directory,
                ports[1],
                """
                receivers:
                  otlp: {protocols: {grpc: {endpoint: 127.0.0.1:%d}}}
                processors:
                  tail_sampling:
                    decision_wait: 1s
                    policies: [{name: all, type: always_sample}]
                    weir: {journal: {directory: %s, max_mib: %d}}
                exporters:
                  otlp:
                    endpoint: 127.0.0.1:%d
                    compression: none
                    tls: {insecure: true}
                    retry_on_failure: {initial_interval: 200ms, max_interval: 1s}
                service:
                  pipelines:
                    traces: {receivers: [otlp], processors: [tail_sampling], exporters: [otlp]}
                """.formatted(ports[0], journal, maxMib, backendPort),
                Map.of("WEIR_CONSOLE_PORT", "0"));
    }

    @Test
    void experiment06_fullDisk_refusesAndGoesOnWithSpace() throws Exception {
        Path disk = Files.createDirectory(directory.resolve("disk"));
        assumeTrue(run("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", disk.toString()), "the right to mount");
        try (Sink backend = new Sink(SHAPE, 0);
                Service gateway = gateway(disk, 128, backend.port()).awaitReady()) {
            Path filler = disk.resolve("filler");
            Files.write(filler, new byte[(int) (24 * MIB)]);
            backend.down();
            try (Sender sender = sender("127.0.0.1:" + ports[0])) {
                Await.until("the disk being full", A_WHILE, () -> sender.refusals() > 0);
                Await.pause(1_000);
                long before = sender.acknowledged();
                Await.pause(2_000);
                long beyond = sender.acknowledged() - before;
                Files.delete(filler);
                long freed = System.nanoTime();
                long stopped = sender.acknowledged();
                Await.until("taking again", A_WHILE, () -> sender.acknowledged() > stopped);
                double seconds = (System.nanoTime() - freed) / 1e9;
                backend.up();
                sender.stop();
                Await.until("holding nothing", A_WHILE, () -> gateway.held() == 0);
                Account account = backend.account(sender.traces(), sender.unacknowledged(), true);
                Experiment.saw(
                        "06",
                        "full disk: %d spans acknowledged from 1 s after the first refusal on (0), taking again %.1f s"
                                + " after there was space (at most 5), %d traces incomplete of %d (0), %d spans twice",
                        beyond,
                        seconds,
                        account.incomplete(),
                        account.sent(),
                        account.spansTwice());
                assertThat(beyond).isZero();
                assertThat(seconds).isLessThan(5);
                assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
                assertThat(account.incomplete()).as("%s", account).isZero();
                assertThat(gateway.metrics().imbalance()).isEmpty();
                gateway.assertQuiet();
            }
        } finally {
            run("umount", "-l", disk.toString());
        }
    }

    private static boolean run(String... command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @Test
    void experiment06_killsAtRandomTimes_loseNothing() throws Exception {
        int kills = Math.max(3, Experiment.SECONDS / 6);
        SplittableRandom random = new SplittableRandom(6);
        try (Sink backend = new Sink(SHAPE, 0)) {
            Service gateway =
                    gateway(directory.resolve("journal"), 128, backend.port()).awaitReady();
            try (Sender sender = sender("127.0.0.1:" + ports[0])) {
                for (int i = 0; i < kills; i++) {
                    Await.pause(500 + random.nextInt(2_500));
                    gateway.kill();
                    gateway = gateway(directory.resolve("journal"), 128, backend.port())
                            .awaitReady();
                }
                Await.pause(1_000);
                sender.stop();
                Service last = gateway;
                Await.until("holding nothing", A_WHILE, () -> last.held() == 0);
                Account account = backend.account(sender.traces(), sender.unacknowledged(), true);
                Experiment.saw(
                        "06",
                        "%d kills: %d traces incomplete of %d (0), %d spans twice of %d",
                        kills,
                        account.incomplete(),
                        account.sent(),
                        account.spansTwice(),
                        account.spans());
                assertThat(account.incomplete()).as("%s", account).isZero();
                assertThat(account.spansForeign()).isZero();
                assertThat(last.metrics().imbalance()).isEmpty();
                last.assertQuiet();
            } finally {
                gateway.close();
            }
        }
    }

    @Test
    void experiment06_tornAndFlipped_areCountedAndNeverDelivered() throws Exception {
        SplittableRandom random = new SplittableRandom(66);
        Path journal = directory.resolve("journal");
        double damaged = 0;
        try (Sink backend = new Sink(SHAPE, 0)) {
            backend.down();
            Service gateway = gateway(journal, 128, backend.port()).awaitReady();
            try (Sender sender = sender("127.0.0.1:" + ports[0])) {
                for (int i = 0; i < 3; i++) {
                    Await.pause(2_000 + random.nextInt(1_000));
                    gateway.kill();
                    damage(journal, random);
                    gateway = gateway(journal, 128, backend.port()).awaitRunning();
                    damaged += gateway.metrics().sum("weir_journal_damaged_places_total");
                }
                sender.stop();
                backend.up();
                Service last = gateway;
                Await.until("holding nothing", A_WHILE, () -> last.held() == 0);
                Account account = backend.account(sender.traces(), sender.unacknowledged(), true);
                Experiment.saw(
                        "06",
                        "3 kills, each with 20 bits flipped and a file cut: %.0f damaged places counted (some), %d foreign"
                                + " spans (0), %d of %d traces whole",
                        damaged,
                        account.spansForeign(),
                        account.tracesWhole(),
                        account.sent());
                assertThat(damaged).isPositive();
                assertThat(account.spansForeign()).isZero();
                assertThat(account.tracesWhole()).isPositive();
                assertThat(last.metrics().imbalance()).isEmpty();
            } finally {
                gateway.close();
            }
        }
    }

    /** Flips bits anywhere in the files, and cuts one. */
    private static void damage(Path journal, SplittableRandom random) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(journal)) {
            files = all.filter(p -> p.toString().endsWith(".journal")).sorted().toList();
        }
        for (int i = 0; i < 20; i++) {
            Path file = files.get(random.nextInt(files.size()));
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                long at = random.nextLong(bytes.length());
                bytes.seek(at);
                int was = bytes.read();
                bytes.seek(at);
                bytes.write(was ^ 1 << random.nextInt(8));
            }
        }
        try (RandomAccessFile cut =
                new RandomAccessFile(files.get(random.nextInt(files.size())).toFile(), "rw")) {
            cut.setLength(random.nextLong(cut.length()));
        }
    }

    @Test
    void experiment06_aGibibyte_isReadBackIn10Seconds() throws Exception {
        int length = 128 << 10;
        long records = 1024 * MIB / length;
        JournalOptions options = JournalOptions.of("recovery", 1280 * MIB, Sync.NONE, Duration.ofSeconds(1));
        Path folder = directory.resolve("gibibyte");
        byte[] payload = new byte[length];
        new SplittableRandom(1).nextBytes(payload);
        try (Journal journal = Journal.open(DirectoryVolume.open(folder, Duration.ZERO), options)) {
            for (long n = 0; n < records; n++) {
                while (journal.append(1, payload, 0, length, null) < 0) {
                    Await.pause(1);
                }
            }
        }
        long[] found = new long[2];
        long begin = System.nanoTime();
        try (Journal journal = Journal.open(DirectoryVolume.open(folder, Duration.ZERO), options)) {
            journal.replay((_, _, _, _, n) -> {
                found[0]++;
                found[1] += n;
            });
        }
        double seconds = (System.nanoTime() - begin) / 1e9;
        Experiment.saw("06", "%d MiB of records read back in %.1f s (at most 10)", found[1] / MIB, seconds);
        assertThat(found[0]).isEqualTo(records);
        assertThat(seconds).isLessThan(10);
    }
}
