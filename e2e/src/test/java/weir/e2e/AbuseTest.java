package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static weir.e2e.Http2Peer.CONTINUATION;
import static weir.e2e.Http2Peer.DATA;
import static weir.e2e.Http2Peer.END_HEADERS;
import static weir.e2e.Http2Peer.END_STREAM;
import static weir.e2e.Http2Peer.HEADERS;
import static weir.e2e.Http2Peer.PING;
import static weir.e2e.Http2Peer.PRIORITY;
import static weir.e2e.Http2Peer.RST_STREAM;
import static weir.e2e.Http2Peer.SETTINGS;
import static weir.e2e.Http2Peer.WINDOW_UPDATE;
import static weir.e2e.Http2Peer.exportHead;
import static weir.e2e.Http2Peer.header;
import static weir.e2e.Http2Peer.message;
import static weir.e2e.Http2Peer.number;
import static weir.e2e.Http2Peer.setting;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import weir.load.Jcmd;
import weir.load.Sender;
import weir.load.Shape;
import weir.load.Sink;

/** Experiment 15: clients that abuse HTTP/2, each coming back whenever it is sent away, beside legitimate load. */
@Tag("faults")
class AbuseTest {
    private static final Shape SHAPE = new Shape(64, 8, 4, 4, 1, 1, 0);
    private static final double RATE = 5_000;
    private static final int FRAMES_A_SECOND = 10_000;
    private static final Duration MOST = Duration.ofSeconds(1);
    private static final Pattern COUNT = Pattern.compile("(?m)^\\s*\\d+:\\s+(\\d+)\\s+\\d+\\s+(\\S+)");

    @TempDir
    Path directory;

    /** What is sent in the n-th round on a connection. */
    enum Abuse {
        RAPID_RESET {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(HEADERS, END_HEADERS, 2 * n + 1, exportHead());
                peer.frame(RST_STREAM, 0, 2 * n + 1, number(8));
            }
        },
        /** Has the server reset each stream, for a window update of 0. */
        MADE_YOU_RESET {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(HEADERS, END_HEADERS, 2 * n + 1, exportHead());
                peer.frame(WINDOW_UPDATE, 0, 2 * n + 1, number(0));
            }
        },
        CONTINUATION_FLOOD {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(
                        n == 0 ? HEADERS : CONTINUATION,
                        0,
                        1,
                        n == 0 ? exportHead() : header("x-" + n, "v".repeat(99)));
            }
        },
        EMPTY_CONTINUATION_FLOOD {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(n == 0 ? HEADERS : CONTINUATION, 0, 1, n == 0 ? exportHead() : new byte[0]);
            }
        },
        PING_FLOOD {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(PING, 0, 0, new byte[8]);
            }
        },
        SETTINGS_FLOOD {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(SETTINGS, 0, 0);
            }
        },
        PRIORITY_FLOOD {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(PRIORITY, 0, 2 * n + 1, new byte[] {0, 0, 0, 0, 16});
            }
        },
        EMPTY_DATA_FLOOD {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                if (n == 0) {
                    peer.frame(HEADERS, END_HEADERS, 1, exportHead());
                }
                peer.frame(DATA, 0, 1);
            }
        },
        /** No answer's headers fit, so that the server has to reset each call itself. */
        TINY_HEADER_LIST {
            @Override
            byte[] settings() {
                return setting(6, 1);
            }

            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(HEADERS, END_HEADERS, 2 * n + 1, exportHead());
                peer.frame(DATA, END_STREAM, 2 * n + 1, message(new byte[0]));
            }
        },
        MANY_STREAMS {
            @Override
            void round(Http2Peer peer, int n) throws IOException {
                peer.frame(HEADERS, END_HEADERS, 2 * n + 1, exportHead());
            }
        };

        abstract void round(Http2Peer peer, int n) throws IOException;

        byte[] settings() {
            return new byte[0];
        }
    }

    @ParameterizedTest
    @EnumSource
    void experiment15_abuse_isAnsweredWithGoAway_andOthersAreServed(Abuse abuse) throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Sender sender = new Sender(SHAPE, List.of(weir.grpc(), weir.http()), 2, RATE, 1)) {
            Await.pause(3_000);
            int port = Integer.parseInt(weir.grpc().substring(weir.grpc().lastIndexOf(':') + 1));
            long streams = streams(weir.agent());
            long before = sender.acknowledged();
            long begin = System.nanoTime();
            long end = begin
                    + Duration.ofSeconds(Math.max(3, Experiment.SECONDS / 6)).toNanos();
            Map<String, Integer> ends = new TreeMap<>();
            long longest = 0;
            int connections = 0;
            while (System.nanoTime() < end) {
                long took = attack(abuse, port, ends);
                longest = Math.max(longest, took);
                connections++;
            }
            double served = (sender.acknowledged() - before) * 1e9 / (System.nanoTime() - begin) / RATE;
            Experiment.saw(
                    "15",
                    "%s, %d connections: %s, the longest after %d ms (at most %d); legitimate load %.1f %% (at least 80 %%)",
                    abuse.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    connections,
                    ends,
                    longest / 1_000_000,
                    MOST.toMillis(),
                    100 * served);
            // A connection that is closed while more comes is reset, which can take back the GOAWAY before it is read.
            assertThat(ends)
                    .as("how connections ended")
                    .containsKey("GOAWAY ENHANCE_YOUR_CALM")
                    .hasSizeLessThanOrEqualTo(2);
            assertThat(ends.keySet()).isSubsetOf("GOAWAY ENHANCE_YOUR_CALM", "closed without GOAWAY");
            assertThat(longest).isLessThanOrEqualTo(MOST.toNanos());
            assertThat(served).isGreaterThan(0.8);
            sender.stop();
            assertThat(sender.givenUp()).as("%s", sender.errors()).isZero();
            Await.asserted(
                    Duration.ofSeconds(20),
                    () -> assertThat(streams(weir.agent()))
                            .as("objects of HTTP/2 streams, %d before", streams)
                            .isLessThanOrEqualTo(streams + 16));
            weir.settle();
            weir.assertQuiet();
        }
    }

    /** Abuses one connection until it is ended; how long that took from the first frame, in nanoseconds. */
    private static long attack(Abuse abuse, int port, Map<String, Integer> ends) throws Exception {
        try (Http2Peer peer = new Http2Peer(port, abuse.settings())) {
            long begin = System.nanoTime();
            try {
                for (int n = 0; !peer.isEnded() && System.nanoTime() - begin < 3 * MOST.toNanos(); n++) {
                    abuse.round(peer, n);
                    long due = begin + n * (1_000_000_000L / FRAMES_A_SECOND);
                    if (due - System.nanoTime() > 5_000_000) {
                        peer.flush();
                        Await.pause(5);
                    }
                }
                peer.flush();
            } catch (IOException _) {
                // it was ended in the middle of it
            }
            boolean ended = peer.awaitEnd(Duration.ofSeconds(1));
            long took = System.nanoTime() - begin;
            int code = peer.goAwayCode();
            ends.merge(
                    !ended
                            ? "not ended"
                            : code < 0
                                    ? "closed without GOAWAY"
                                    : code == Http2Peer.ENHANCE_YOUR_CALM
                                            ? "GOAWAY ENHANCE_YOUR_CALM"
                                            : "GOAWAY " + code,
                    1,
                    Integer::sum);
            return took;
        }
    }

    /** How many objects that stand for an HTTP/2 stream are reachable in a process. */
    private static long streams(Service service) throws IOException, InterruptedException {
        long count = 0;
        Matcher m = COUNT.matcher(Jcmd.ask(service.pid(), "GC.class_histogram"));
        while (m.find()) {
            count += m.group(2).endsWith("DefaultHttp2Connection$DefaultStream") ? Long.parseLong(m.group(1)) : 0;
        }
        return count;
    }

    @Test
    void experiment15_theCounterOfObjectsCounts() throws Exception {
        try (Sink backend = new Sink(SHAPE, 0);
                Topology weir = new Topology(directory, 1, backend.port());
                Http2Peer peer = new Http2Peer(
                        Integer.parseInt(weir.grpc().substring(weir.grpc().lastIndexOf(':') + 1)))) {
            long before = streams(weir.agent());
            for (int n = 0; n < 100; n++) {
                peer.frame(HEADERS, END_HEADERS, 2 * n + 1, exportHead());
            }
            peer.flush();
            Await.until(
                    "100 streams more than " + before,
                    Duration.ofSeconds(10),
                    () -> streams(weir.agent()) >= before + 100);
        }
    }
}
