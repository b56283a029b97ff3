package weir.launcher.samples;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.exporter.otlp.metrics.OtlpGrpcMetricExporter;
import io.opentelemetry.exporter.otlp.trace.OtlpGrpcSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.metrics.SdkMeterProvider;
import io.opentelemetry.sdk.metrics.export.PeriodicMetricReader;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.time.Duration;
import java.util.List;

/** One service of the shop: a resource, a tracer and a histogram, sent to the agent by exporters of its own. */
final class PretendService {
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final List<Double> BUCKETS_SECONDS = List.of(0.01, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5);

    private final SdkTracerProvider tracers;
    private final SdkMeterProvider meters;
    private final Tracer tracer;
    private final DoubleHistogram durations;

    /** @param endpoint of the agent's OTLP/gRPC receiver, as a URL */
    PretendService(String name, String version, String endpoint) {
        Resource resource = Resource.create(Attributes.builder()
                .put("service.name", name)
                .put("service.namespace", "shop")
                .put("service.version", version)
                .put("service.instance.id", name + "-1")
                .put("deployment.environment.name", "sample")
                .build());
        tracers = SdkTracerProvider.builder()
                .setResource(resource)
                .addSpanProcessor(BatchSpanProcessor.builder(OtlpGrpcSpanExporter.builder()
                                .setEndpoint(endpoint)
                                .build())
                        .setScheduleDelay(Duration.ofMillis(500))
                        .build())
                .build();
        meters = SdkMeterProvider.builder()
                .setResource(resource)
                .registerMetricReader(PeriodicMetricReader.builder(OtlpGrpcMetricExporter.builder()
                                .setEndpoint(endpoint)
                                .build())
                        .setInterval(Duration.ofSeconds(5))
                        .build())
                .build();
        tracer = tracers.get("weir.samples");
        durations = meters.get("weir.samples")
                .histogramBuilder("http.server.request.duration")
                .setDescription("Duration of HTTP server requests")
                .setUnit("s")
                .setExplicitBucketBoundariesAdvice(BUCKETS_SECONDS)
                .build();
    }

    Tracer tracer() {
        return tracer;
    }

    void served(String route, double seconds) {
        durations.record(seconds, Attributes.of(ROUTE, route));
    }

    /** Sends what is left and lets go of its connections; done when the result is. */
    CompletableResultCode end() {
        return CompletableResultCode.ofAll(List.of(tracers.shutdown(), meters.shutdown()));
    }
}
