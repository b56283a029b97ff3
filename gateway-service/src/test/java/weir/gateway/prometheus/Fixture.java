package weir.gateway.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.ResourceMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import weir.otlp.Batch;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.testing.ManualTimer;
import weir.testing.TestContexts;

/** A running exporter without its listener; checks its account when it is closed. */
final class Fixture implements AutoCloseable {
    static final Format OPEN_METRICS = new Format(true, "1.0.0", Escaping.UNDERSCORES);

    final ManualTimer timer = new ManualTimer();
    final ComponentContext context = TestContexts.of("exporter", "prometheus", Signal.METRICS, timer);
    final PrometheusExporter exporter;

    Fixture() {
        this(new Configs());
    }

    Fixture(Configs configs) {
        exporter = new PrometheusExporter(context, configs.make());
        exporter.startWriter();
    }

    /** Metrics of an empty resource. */
    Fixture send(Metric... metrics) {
        return send(Otlp.of(Otlp.resource(), metrics));
    }

    Fixture send(ResourceMetrics... resources) {
        assertThat(deliver(Otlp.batch(resources))).isEqualTo(Delivery.ACCEPTED);
        return this;
    }

    Delivery deliver(Batch batch) {
        CompletableFuture<Delivery> done = new CompletableFuture<>();
        exporter.consume(batch, done::complete);
        return done.orTimeout(30, TimeUnit.SECONDS).join();
    }

    String scrape() {
        return scrape(Format.TEXT);
    }

    String scrape(Format format, String... names) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            exporter.scrape(format, Set.of(names), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    /** Waits until the writer has done all that it was given. */
    void settle() throws InterruptedException {
        assertThat(exporter.settle(Duration.ofSeconds(30))).isTrue();
    }

    double own(String metric) {
        return context.metrics().value(metric);
    }

    @Override
    public void close() {
        exporter.close();
        assertThat(context.ledger().difference()).isZero();
        assertThat(context.ledger().heldItems()).isZero();
    }
}
