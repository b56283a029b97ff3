package weir.gateway;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import weir.recent.RecentStore;
import weir.telemetry.Metrics;

/** The gateway's beans. */
@Singleton
class GatewayWiring {
    @Produces
    @Singleton
    RecentStore recent(Metrics metrics) {
        return RecentStore.withDefaults(metrics);
    }
}
