package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import weir.load.Ports;
import weir.load.Shape;
import weir.load.Sink;

/**
 * Experiment 13: a gateway in 512 MiB that gets two traces of half a million spans in two minutes, one to be kept and one to be
 * dropped, and each second an attribute of 4 MiB and a span of 10,000 attributes, beside traces as usual.
 */
@Tag("faults")
class GiantTraceTest {
    private static final int SPANS = 3;
    private static final Shape SHAPE = new Shape(SPANS, SPANS, 1, 1, 0, 0, 0);
    private static final Duration WAIT = Duration.ofSeconds(5);
    /** The giants come to it long before their wait is over, at a tenth of their rate too. */
    private static final int MOST_TRACE_BYTES = 512 << 10;

    private static final long LIMIT_MIB = 512;
    private static final long MOST_MIB = LIMIT_MIB * 95 / 100;
    private static final int WARM_SECONDS = 5;
    private static final int BASE_SECONDS = Math.max(10, Experiment.SECONDS / 3);
    private static final double MOST_DELAY = 1.1;

    private static final int TURN_MILLIS = 20;
    private static final int TRACES_A_TURN = 10;
    private static final int TURNS_A_SECOND = 1000 / TURN_MILLIS;
    /** Of both giants together a million in two minutes. */
    private static final int GIANT_SPANS_A_TURN = 1_000_000 / 120 / TURNS_A_SECOND / 2;

    /** From here on numbers are of spans of the giant that is kept, and of the one that is dropped. */
    private static final long KEPT_GIANT = 1 << 22;

    private static final long DROPPED_GIANT = 1 << 23;
    /** From here on they are of traces of one huge span. */
    private static final long HUGE = 3 << 22;

    private static final String VALUE = "v".repeat(4 << 20);

    private static final String SAMPLING = """
            decision_wait: %ds
            maximum_trace_size_bytes: %d
            policies:
              - {name: errors, type: status_code, status_code: {status_codes: [ERROR]}}
            """.formatted(WAIT.toSeconds(), MOST_TRACE_BYTES);

    @TempDir
    Path directory;

    private final Delays delays = new Delays();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Set<Long> keptGiant = ConcurrentHashMap.newKeySet();
    private final Set<Long> droppedGiant = ConcurrentHashMap.newKeySet();
    private final List<Long> residentMib = new ArrayList<>();
    private long traces;
    private long giantSpans;
    private long huge;
    private int giantPhases;

    @Test
    void experiment13_giantsAreDecidedEarly_andNobodyElseWaits() throws Exception {
        int[] ports = Ports.free(3);
        try (MemoryBox box = MemoryBox.of("giants", LIMIT_MIB << 20);
                Sink backend = new Sink(SHAPE, 0);
                Service gateway = Service.start(
                                "gateway",
                                directory,
                                ports[2],
                                PipelineText.samplingGateway(ports[0], ports[1], backend.port(), SAMPLING),
                                Map.of(
                                        "WEIR_CONSOLE_PORT",
                                        "0",
                                        "WEIR_JAVA_OPTS",
                                        "-Xmx288m -XX:MaxDirectMemorySize=64m"),
                                box.prefix())
                        .awaitReady();
                GrpcPost usual = GrpcPost.to("127.0.0.1:" + ports[0]);
                GrpcPost giants = GrpcPost.to("127.0.0.1:" + ports[0])) {
            backend.watch(this::arrived);
            load(gateway, usual, giants, ports[1], WARM_SECONDS, "warm-up", true);
            Await.pause(WAIT.plusSeconds(1).toMillis());
            load(gateway, usual, giants, ports[1], BASE_SECONDS, "before", false);
            Await.pause(WAIT.plusSeconds(1).toMillis());
            load(gateway, usual, giants, ports[1], Experiment.SECONDS, "beside", true);
            Await.until("holding nothing", WAIT.multipliedBy(6), () -> gateway.held() == 0);

            Scrape metrics = gateway.metrics();
            account(metrics.sum("weir_sampling_decisions_total", "trigger", "span_limit"), box);
            assertThat(metrics.imbalance()).isEmpty();
            gateway.assertQuiet();
        }
    }

    private void arrived(long[] ids) {
        delays.arrived(ids);
        for (long id : ids) {
            long number = NumberedSpan.numberOf(id);
            if (number >= KEPT_GIANT && number < HUGE) {
                (number < DROPPED_GIANT ? keptGiant : droppedGiant).add(number);
            }
        }
    }

    private void load(
            Service gateway,
            GrpcPost usual,
            GrpcPost giants,
            int httpPort,
            int seconds,
            String kind,
            boolean withGiants)
            throws IOException, InterruptedException {
        Thread beside = Thread.ofPlatform().start(() -> {
            if (withGiants) {
                loadGiants(giants, httpPort, seconds);
            }
        });
        long next = System.nanoTime();
        for (int turn = 0; turn < seconds * TURNS_A_SECOND; turn++) {
            Await.pause(Math.max(0, (next - System.nanoTime()) / 1_000_000));
            next += TURN_MILLIS * 1_000_000L;
            List<NumberedSpan> spans = new ArrayList<>();
            for (int n = 0; n < TRACES_A_TURN; n++) {
                long number = traces++;
                for (int index = 0; index < SPANS; index++) {
                    spans.add(NumberedSpan.now(number, index, index == 0));
                }
                delays.sending(number, kind);
            }
            assertThat(usual.send(NumberedSpan.request(spans))).isEqualTo(Status.Code.OK);
            if (turn % TURNS_A_SECOND == 0) {
                residentMib.add(gateway.usage().rssBytes() >> 20);
            }
        }
        beside.join();
    }

    private void loadGiants(GrpcPost giants, int httpPort, int seconds) {
        int phase = ++giantPhases;
        long next = System.nanoTime();
        for (int turn = 0; turn < seconds * TURNS_A_SECOND; turn++) {
            Await.pause(Math.max(0, (next - System.nanoTime()) / 1_000_000));
            next += TURN_MILLIS * 1_000_000L;
            ScopeSpans.Builder scope = ScopeSpans.newBuilder();
            for (int n = 0; n < GIANT_SPANS_A_TURN; n++) {
                boolean error = turn == 0 && n == 0;
                scope.addSpans(giant(phase, NumberedSpan.now(KEPT_GIANT + giantSpans, 0, error)));
                scope.addSpans(giant(-phase, NumberedSpan.now(DROPPED_GIANT + giantSpans, 0, false)));
                giantSpans++;
            }
            assertThat(giants.send(NumberedSpan.request(scope))).isEqualTo(Status.Code.OK);
            if (turn % TURNS_A_SECOND == 0) {
                post(httpPort, hugeSpan().addAttributes(NumberedSpan.attribute("large", VALUE)));
                Span.Builder many = hugeSpan();
                for (int i = 0; i < 10_000; i++) {
                    many.addAttributes(NumberedSpan.attribute("attribute." + i, "value-" + i));
                }
                post(httpPort, many);
            }
        }
    }

    /** A span of a giant, whose number is its own and not its trace's. */
    private static Span.Builder giant(int trace, NumberedSpan span) {
        byte[] id = new byte[16];
        id[0] = (byte) trace;
        return span.builder()
                .setTraceId(ByteString.copyFrom(id))
                .addAttributes(NumberedSpan.attribute("app.padding", "p".repeat(160)));
    }

    private Span.Builder hugeSpan() {
        return NumberedSpan.now(HUGE + huge++, 0, true).builder();
    }

    private void post(int port, Span.Builder span) {
        byte[] body = NumberedSpan.request(ScopeSpans.newBuilder().addSpans(span));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/traces"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/x-protobuf")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body))
                .build();
        try {
            assertThat(client.send(request, HttpResponse.BodyHandlers.discarding())
                            .statusCode())
                    .as("status of %d bytes", body.length)
                    .isEqualTo(200);
        } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private void account(double bySpanLimit, MemoryBox box) throws IOException {
        long incomplete = 0;
        for (long number = 0; number < traces; number++) {
            incomplete += delays.spans(number) == SPANS ? 0 : 1;
        }
        long hugeLost = 0;
        for (long number = 0; number < huge; number++) {
            hugeLost += delays.spans(HUGE + number) == 1 ? 0 : 1;
        }
        double before = delays.millis("before", 0.99);
        double beside = delays.millis("beside", 0.99);
        double middleBefore = delays.millis("before", 0.5);
        double middleBeside = delays.millis("beside", 0.5);
        long most = residentMib.stream().mapToLong(m -> m).max().orElse(0);
        Experiment.saw(
                "13",
                "%d times two giants, %d spans of each kind: %d of the kept arrived (all), %d of the dropped (0); %d huge spans,"
                        + " %d lost (0); %.0f traces decided at maximum_trace_size_bytes (%d)",
                giantPhases,
                giantSpans,
                keptGiant.size(),
                droppedGiant.size(),
                huge,
                hugeLost,
                bySpanLimit,
                huge / 2 + 2L * giantPhases);
        Experiment.saw(
                "13",
                "99 %% of other traces decided and at the backend within %.0f ms, %.0f before (at most 10 %% more; middle %.0f"
                        + " and %.0f), %d of %d incomplete (0); at most %d MiB resident (of %d%s), %d kills",
                beside,
                before,
                middleBeside,
                middleBefore,
                incomplete,
                traces,
                most,
                LIMIT_MIB,
                box.exists() ? "" : ", no cgroup could be made",
                box.kills());
        assertThat(keptGiant).hasSize((int) giantSpans);
        assertThat(droppedGiant).isEmpty();
        assertThat(hugeLost).isZero();
        assertThat(incomplete).isZero();
        // What is 4 MiB alone is over the limit alone.
        assertThat((long) bySpanLimit).isEqualTo(huge / 2 + 2L * giantPhases);
        assertThat(beside).isLessThan(MOST_DELAY * before);
        assertThat(middleBeside).isLessThan(MOST_DELAY * middleBefore);
        assertThat(most).isLessThan(MOST_MIB);
        assertThat(box.kills()).isZero();
    }
}
