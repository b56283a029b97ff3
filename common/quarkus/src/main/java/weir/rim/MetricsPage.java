package weir.rim;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import io.quarkus.vertx.http.ManagementInterface;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Set;

/** What makes the page of own metrics one that {@code curl} and {@code promtool check metrics} can read. */
@Singleton
class MetricsPage {
    /** Names that promtool objects to; what they say is also said by others. */
    private static final Set<String> UNFIT = Set.of("process.cpu.time", "system.cpu.count");

    private static final int BEFORE_ALL_OTHERS = -10_000;

    /** A client that takes anything gets the plain text format, as from the collector, not OpenMetrics. */
    void plainTextByDefault(@Observes ManagementInterface management) {
        management.router().route("/metrics").order(BEFORE_ALL_OTHERS).handler(MetricsPage::preferPlainText);
    }

    private static void preferPlainText(RoutingContext context) {
        String accept = context.request().getHeader(HttpHeaders.ACCEPT);
        if (accept == null || accept.isBlank() || accept.equals("*/*")) {
            context.request().headers().set(HttpHeaders.ACCEPT, "text/plain");
        }
        context.next();
    }

    @Produces
    @Singleton
    MeterFilter withoutUnfitNames() {
        return new MeterFilter() {
            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return UNFIT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }
        };
    }
}
