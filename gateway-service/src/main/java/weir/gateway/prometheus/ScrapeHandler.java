package weir.gateway.prometheus;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.zip.Deflater;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.pipeline.ComponentContext;
import weir.telemetry.Counter;
import weir.telemetry.Histogram;
import weir.transport.http.HttpHandler;
import weir.transport.http.HttpHead;
import weir.transport.http.HttpReply;
import weir.transport.http.HttpRequest;
import weir.transport.http.HttpResponder;

/**
 * Answers scrapes, each on a virtual thread of its own, and only so many at a time: each takes the lock of the series
 * again and again, and a core for as long as it lasts.
 */
final class ScrapeHandler implements HttpHandler {
    /** Compressing is most of a scrape's work; the fastest level costs a third of the usual one, for a tenth more bytes. */
    private static final int GZIP_LEVEL = Deflater.BEST_SPEED;

    private static final int GZIP_BUFFER_BYTES = 16 << 10;
    private static final int MAX_NAMES = 1000;
    private static final String PATH = "/metrics";
    private static final double[] SECONDS = {0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 30};

    /** Writes what there is to show. */
    @FunctionalInterface
    interface Scrape {
        void write(Format format, Set<String> names, OutputStream out) throws IOException;
    }

    private final Scrape scrape;
    private final boolean openMetrics;
    private final Semaphore permits;
    private final Timer timer;
    private final System.Logger log;
    private final Counter refused;
    private final Counter failed;
    private final Histogram seconds;

    ScrapeHandler(ComponentContext context, PrometheusConfig config, Scrape scrape) {
        this.scrape = scrape;
        openMetrics = config.enableOpenMetrics();
        permits = new Semaphore(config.weir().maxConcurrentScrapes());
        timer = context.timer();
        log = context.logger();
        String[] labels = {"component", context.id().toString()};
        refused = context.metrics()
                .counter("weir_prometheus_refused_scrapes", "Scrapes refused for max_concurrent_scrapes", labels);
        failed = context.metrics()
                .counter("weir_prometheus_failed_scrapes", "Scrapes that their client did not take whole", labels);
        seconds =
                context.metrics().histogram("weir_prometheus_scrape_seconds", "How long scrapes took", SECONDS, labels);
    }

    @Override
    public @Nullable HttpReply refuse(HttpHead head) {
        if (!head.path().equals(PATH)) {
            return HttpReply.text(404, "There is nothing here; metrics are at " + PATH + ".\n");
        }
        if (!head.method().equals("GET") && !head.method().equals("HEAD")) {
            return HttpReply.text(405, "Metrics are read with GET.\n").with("allow", "GET, HEAD");
        }
        return null;
    }

    @Override
    public void handle(HttpRequest request, HttpResponder responder) {
        if (!permits.tryAcquire()) {
            refused.increment();
            responder.send(HttpReply.text(503, "Too many scrapes at a time; see max_concurrent_scrapes.\n")
                    .with("retry-after", "1"));
            return;
        }
        Thread.ofVirtual().name("weir-scrape").start(() -> answer(request.head(), responder));
    }

    private void answer(HttpHead head, HttpResponder responder) {
        long start = timer.nanoTime();
        try {
            write(head, responder).close();
        } catch (IOException e) {
            failed.increment();
            log.log(Level.DEBUG, "a scrape ended early", e);
            responder.abort();
        } catch (RuntimeException e) {
            failed.increment();
            log.log(Level.ERROR, "a scrape failed", e);
            responder.abort();
        }
        seconds.record((timer.nanoTime() - start) / 1e9);
    }

    /** Writes all but the end, and gives the permit back before that: a client that has read it all may come again at once. */
    private OutputStream write(HttpHead head, HttpResponder responder) throws IOException {
        try {
            Format format = Negotiation.choose(head.header("accept"), openMetrics);
            Map<String, String> headers = new HashMap<>();
            headers.put("content-type", format.contentType());
            headers.put("vary", "accept, accept-encoding");
            boolean gzip = head.acceptsGzip();
            if (gzip) {
                headers.put("content-encoding", "gzip");
            }
            OutputStream plain = responder.stream(new HttpReply(200, Map.copyOf(headers), List.of()));
            OutputStream out = gzip ? new FastGzip(plain) : plain;
            scrape.write(format, names(head.query()), out);
            return out;
        } finally {
            permits.release();
        }
    }

    /** The values of {@code name[]}. */
    static Set<String> names(String query) {
        Set<String> names = new HashSet<>();
        for (String part : query.split("&", MAX_NAMES)) {
            int equals = part.indexOf('=');
            if (equals > 0 && decoded(part.substring(0, equals)).equals("name[]")) {
                names.add(decoded(part.substring(equals + 1)));
            }
        }
        return names;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            return text;
        }
    }

    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, GZIP_BUFFER_BYTES);
            def.setLevel(GZIP_LEVEL);
        }
    }
}
