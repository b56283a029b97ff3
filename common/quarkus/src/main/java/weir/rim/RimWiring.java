package weir.rim;

import io.micrometer.prometheus.PrometheusMeterRegistry;
import io.quarkus.arc.DefaultBean;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import weir.pipeline.RecentTraces;
import weir.telemetry.Metrics;

/** What the services share of beans. */
@Singleton
class RimWiring {
    @Produces
    @Singleton
    Metrics metrics() {
        return new Metrics();
    }

    @Produces
    @Singleton
    @DefaultBean
    RecentTraces recent() {
        return RecentTraces.NONE;
    }

    @Produces
    @Singleton
    OwnMetrics ownMetrics(Metrics metrics) {
        ProcessMetrics.register(metrics);
        return new OwnMetrics(metrics);
    }

    // Deprecated by Micrometer in favour of a client that Quarkus does not bring yet.
    @SuppressWarnings("deprecation")
    void publish(@Observes StartupEvent event, OwnMetrics own, PrometheusMeterRegistry page) {
        page.getPrometheusRegistry().register(own);
    }
}
