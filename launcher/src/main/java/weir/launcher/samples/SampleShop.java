package weir.launcher.samples;

import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.sdk.common.CompletableResultCode;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import weir.flow.SystemTimer;

/**
 * The pretend shop: a storefront that calls checkout, cart, payment and catalog. Of its traces most are normal; some are
 * slow, some fail, some are health probes, and once a minute the last span of one comes after its trace was decided.
 */
public final class SampleShop implements AutoCloseable {
    /** How many traces it makes, on average. */
    public static final int TRACES_PER_SECOND = 50;

    private static final Duration LATE_PERIOD = Duration.ofMinutes(1);
    private static final Duration FIRST_LATE = Duration.ofSeconds(10);
    /** Well after a decision that waits five seconds. */
    private static final Duration LATE_BY = Duration.ofSeconds(9);

    private static final int FLUSH_LIMIT_MILLIS = 1000;

    private static final int SLOW_PERCENT = 2;
    private static final int FAILING_PERCENT = 2;
    private static final int PROBE_PERCENT = 30;

    // A field, or the logger could be collected and its level forgotten.
    private static final Logger SDK_LOG = Logger.getLogger("io.opentelemetry");

    private final PretendService frontend;
    private final PretendService checkout;
    private final PretendService cart;
    private final PretendService payment;
    private final PretendService catalog;
    private final Random random = new Random();
    private final SystemTimer timer = new SystemTimer();

    private final InstantSource clock;

    private SampleShop(String endpoint, InstantSource clock) {
        this.clock = clock;
        frontend = new PretendService("frontend", "2.7.0", endpoint);
        checkout = new PretendService("checkout", "1.4.2", endpoint);
        cart = new PretendService("cart", "1.1.0", endpoint);
        payment = new PretendService("payment", "3.0.1", endpoint);
        catalog = new PretendService("catalog", "5.2.3", endpoint);
    }

    /** @param endpoint of the agent's OTLP/gRPC receiver, as a URL */
    public static SampleShop open(String endpoint) {
        // The SDK says on stderr when the agent is away; the launcher's own line says it better.
        SDK_LOG.setLevel(Level.OFF);
        SampleShop shop = new SampleShop(endpoint, InstantSource.system());
        shop.timer.every(Duration.ofSeconds(1).dividedBy(TRACES_PER_SECOND), shop::oneTrace);
        shop.timer.after(FIRST_LATE, shop::lateTrace);
        shop.timer.every(LATE_PERIOD, shop::lateTrace);
        return shop;
    }

    private void oneTrace() {
        int draw = random.nextInt(100);
        if (draw < PROBE_PERCENT) {
            probe();
        } else if (draw < PROBE_PERCENT + FAILING_PERCENT) {
            purchase(millis(40, 120), true);
        } else if (draw < PROBE_PERCENT + FAILING_PERCENT + SLOW_PERCENT) {
            purchase(millis(2100, 3000), false);
        } else if (random.nextBoolean()) {
            purchase(millis(30, 150), false);
        } else {
            browse();
        }
    }

    private void probe() {
        PretendService service =
                List.of(frontend, checkout, cart, payment, catalog).get(random.nextInt(5));
        Call call = Call.begin(
                service, "GET /healthz", SpanKind.SERVER, clock.instant().minusMillis(1));
        call.attribute("http.request.method", "GET").attribute("url.path", "/healthz");
        call.attribute("http.response.status_code", 200).end(call.begun().plusMillis(1));
    }

    private void browse() {
        int total = millis(15, 60);
        Instant begun = clock.instant().minusMillis(total);
        Call page = Call.begin(frontend, "GET /products/{id}", SpanKind.SERVER, begun);
        page.attribute("http.request.method", "GET").attribute("url.path", "/products/" + random.nextInt(1000));
        Call lookup = page.calls(catalog, "catalog.Lookup", begun.plusMillis(2));
        lookup.attribute("db.system.name", "postgresql").end(begun.plusMillis(total - 3));
        page.attribute("http.response.status_code", 200).end(begun.plusMillis(total));
        frontend.served("/products/{id}", total / 1e3);
    }

    /** @param total how long all of it takes; the payment takes most of that */
    private void purchase(int total, boolean fails) {
        Instant begun = clock.instant().minusMillis(total);
        Call page = Call.begin(frontend, "POST /checkout", SpanKind.SERVER, begun);
        page.attribute("http.request.method", "POST").attribute("url.path", "/checkout");
        Call order = page.calls(checkout, "PlaceOrder", begun.plusMillis(1));
        order.attribute("app.order.items", 1 + random.nextInt(9));
        order.calls(cart, "GetCart", begun.plusMillis(2)).end(begun.plusMillis(6));
        Call charge = order.calls(payment, "charge", begun.plusMillis(7));
        charge.attribute("app.payment.currency", random.nextBoolean() ? "EUR" : "USD");
        if (fails) {
            charge.fail("card declined by the bank");
            order.fail("payment failed");
            page.attribute("http.response.status_code", 502).fail("");
        } else {
            page.attribute("http.response.status_code", 200);
        }
        charge.end(begun.plusMillis(total - 4));
        order.end(begun.plusMillis(total - 2));
        page.end(begun.plusMillis(total));
        frontend.served("/checkout", total / 1e3);
        payment.served("/charge", (total - 11) / 1e3);
    }

    /** A receipt that is mailed long after the page was served. */
    private void lateTrace() {
        Instant begun = clock.instant();
        Call page = Call.begin(frontend, "POST /checkout", SpanKind.SERVER, begun);
        page.attribute("http.request.method", "POST").attribute("url.path", "/checkout");
        Call receipt = page.calls(checkout, "mail receipt", begun.plusMillis(5));
        page.attribute("http.response.status_code", 200).end(begun.plusMillis(20));
        timer.after(LATE_BY, () -> receipt.end(clock.instant()));
    }

    private int millis(int from, int to) {
        return from + random.nextInt(to - from);
    }

    /** Makes no more traces and sends what was made. */
    @Override
    public void close() {
        timer.close();
        CompletableResultCode.ofAll(Stream.of(frontend, checkout, cart, payment, catalog)
                        .map(PretendService::end)
                        .toList())
                .join(FLUSH_LIMIT_MILLIS, TimeUnit.MILLISECONDS);
    }
}
