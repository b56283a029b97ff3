package weir.gateway;

import io.quarkus.vertx.web.Route;
import io.quarkus.vertx.web.RouteFilter;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import weir.gateway.console.Gateways;
import weir.gateway.console.Views;
import weir.gateway.sampling.ShadowDifference;
import weir.gateway.sampling.Why;
import weir.pipeline.engine.PipelineEngine;
import weir.recent.KeptSpan;
import weir.recent.RecentStore;
import weir.rim.PipelineLifecycle;
import weir.telemetry.Metrics;

/**
 * The console's API. Every path answers for this gateway, or with {@code ?gateway=NAME} for another one, which is asked in
 * turn. All of it only reads.
 */
@ApplicationScoped
class ConsoleRoutes {
    private static final String API = "/api/v1/";
    private static final int MAX_DECISIONS = 1000;
    private static final int PEER_TIMEOUT_MILLIS = 2000;

    /** Names of this machine, by which a browser on it may call a console that is bound to loopback. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]", "::1");

    private final PipelineLifecycle pipeline;
    private final RecentStore recent;
    private final Metrics metrics;
    private final Gateways gateways;
    private final HttpClient peers;
    private final boolean loopbackOnly;
    private final long startedUnixMillis = InstantSource.system().millis();

    ConsoleRoutes(
            PipelineLifecycle pipeline,
            RecentStore recent,
            Metrics metrics,
            Vertx vertx,
            @ConfigProperty(name = "quarkus.http.host") String host,
            @ConfigProperty(name = "weir.console.gateways") Optional<List<String>> others) {
        this.pipeline = pipeline;
        this.recent = recent;
        this.metrics = metrics;
        this.gateways = Gateways.of(pipeline.instance(), others.orElse(List.of()));
        this.peers = vertx.createHttpClient(
                new HttpClientOptions().setConnectTimeout(PEER_TIMEOUT_MILLIS).setMaxPoolSize(8));
        this.loopbackOnly = LOOPBACK.contains(host);
    }

    @RouteFilter(100)
    void guard(RoutingContext request) {
        HttpServerResponse response = request.response();
        response.putHeader(
                        "Content-Security-Policy",
                        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                + "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
                .putHeader("X-Content-Type-Options", "nosniff")
                .putHeader("Referrer-Policy", "no-referrer")
                .putHeader("Cache-Control", "no-store");
        var authority = request.request().authority();
        if (loopbackOnly && (authority == null || !LOOPBACK.contains(authority.host()))) {
            // A page of some other site whose name was made to point here must not read what flows.
            fail(request, 421, "this console answers to localhost only");
            return;
        }
        request.next();
    }

    @Route(path = API + "gateways", methods = Route.HttpMethod.GET)
    void gateways(RoutingContext request) {
        List<Object> all = new ArrayList<>();
        gateways.names().forEach(name -> all.add(Views.tree("name", name, "self", gateways.isSelf(name))));
        send(request, Views.tree("self", gateways.self(), "gateways", all));
    }

    @Route(path = API + "decisions", methods = Route.HttpMethod.GET)
    void decisions(RoutingContext request) {
        answer(request, () -> {
            long after = number(request, "after", 0, Long.MAX_VALUE);
            int limit = (int) number(request, "limit", MAX_DECISIONS, MAX_DECISIONS);
            return Views.decisions(gateways.self(), startedUnixMillis, recent.after(after, limit), after);
        });
    }

    @Route(path = API + "traces/:id", methods = Route.HttpMethod.GET)
    void trace(RoutingContext request) {
        answer(request, () -> {
            String id = Objects.requireNonNullElse(request.pathParam("id"), "");
            List<KeptSpan> spans = recent.trace(id);
            if (spans.isEmpty()) {
                request.response().setStatusCode(404);
                return Views.tree(
                        "error", "no spans of this trace are held here: it was dropped, or gave way to newer ones");
            }
            return Views.trace(gateways.self(), id, spans);
        });
    }

    /** What became of a trace and why: as JSON, or as text for {@code Accept: text/plain}. */
    @Route(path = API + "why/:id", methods = Route.HttpMethod.GET, type = Route.HandlerType.BLOCKING)
    void why(RoutingContext request) {
        String id = Objects.requireNonNullElse(request.pathParam("id"), "").toLowerCase(Locale.ROOT);
        if (!id.matches("[0-9a-f]{32}")) {
            fail(request, 400, "a trace id has 32 hex digits");
            return;
        }
        elsewhereOr(request, () -> {
            WhyAnswer answer = WhyAnswer.of(
                    gateways.self(),
                    id,
                    pipeline.engine().map(e -> e.components(Why.Source.class)).orElse(List.of()),
                    recent.decision(id));
            request.response().setStatusCode(answer.found() ? 200 : 404);
            if (wantsText(request)) {
                request.response()
                        .putHeader("Content-Type", "text/plain; charset=utf-8")
                        .end(answer.text(InstantSource.system().millis()));
            } else {
                send(request, answer.tree());
            }
        });
    }

    /** What shadow policies would have decided otherwise lately, the newest first. */
    @Route(path = API + "shadow", methods = Route.HttpMethod.GET)
    void shadow(RoutingContext request) {
        answer(request, () -> {
            List<Object> rows = new ArrayList<>();
            pipeline.engine().map(e -> e.components(ShadowDifference.Source.class)).orElse(List.of()).stream()
                    .flatMap(source -> source.shadowDifferences().stream())
                    .forEach(d -> rows.add(Views.tree(
                            "traceId", d.traceIdHex(),
                            "kept", d.kept(),
                            "policy", d.policy(),
                            "shadowPolicy", d.shadowPolicy(),
                            "spans", d.spans(),
                            "decidedAtUnixMillis", d.decidedAtUnixMillis())));
            return Views.tree("gateway", gateways.self(), "traces", Views.shadowTraces(metrics), "differences", rows);
        });
    }

    @Route(path = API + "ledger", methods = Route.HttpMethod.GET)
    void ledger(RoutingContext request) {
        answer(
                request,
                () -> Views.ledger(
                        gateways.self(),
                        pipeline.engine().map(PipelineEngine::ledgers).orElse(List.of())));
    }

    @Route(path = API + "policies", methods = Route.HttpMethod.GET)
    void policies(RoutingContext request) {
        answer(request, () -> Views.policies(gateways.self(), metrics));
    }

    private void answer(RoutingContext request, Supplier<Map<String, Object>> own) {
        elsewhereOr(request, () -> send(request, own.get()));
    }

    private static boolean wantsText(RoutingContext request) {
        String accept = request.request().getHeader("Accept");
        return accept != null && accept.startsWith("text/plain");
    }

    private void elsewhereOr(RoutingContext request, Runnable own) {
        String name = Optional.ofNullable(request.request().getParam("gateway")).orElse("");
        if (gateways.isSelf(name)) {
            own.run();
            return;
        }
        gateways.other(name)
                .ifPresentOrElse(
                        address -> forward(request, name, address),
                        () -> fail(request, 404, "there is no gateway of that name"));
    }

    /** Asks another gateway the same question; it answers for itself, so that a question travels once. */
    private void forward(RoutingContext request, String name, URI address) {
        StringBuilder query = new StringBuilder(request.request().path());
        char separator = '?';
        for (String parameter : List.of("after", "limit")) {
            long value = number(request, parameter, -1, Long.MAX_VALUE);
            if (value >= 0) {
                query.append(separator).append(parameter).append('=').append(value);
                separator = '&';
            }
        }
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(address.getHost())
                .setPort(address.getPort())
                .setURI(query.toString())
                .setTimeout(PEER_TIMEOUT_MILLIS);
        if (wantsText(request)) {
            options.putHeader("Accept", "text/plain");
        }
        peers.request(options)
                .compose(call -> call.send())
                .compose(response -> response.body().map(body -> {
                    request.response()
                            .setStatusCode(response.statusCode())
                            .putHeader(
                                    "Content-Type",
                                    Objects.requireNonNullElse(response.getHeader("Content-Type"), "application/json"))
                            .end(body);
                    return body;
                }))
                .onFailure(failure -> fail(request, 502, "gateway " + name + " does not answer"));
    }

    private static long number(RoutingContext request, String parameter, long fallback, long max) {
        String text = request.request().getParam(parameter);
        if (text == null) {
            return fallback;
        }
        try {
            return Math.clamp(Long.parseLong(text), 0, max);
        } catch (NumberFormatException e) {
            return fallback;
        }
    }

    private static void send(RoutingContext request, Map<String, Object> body) {
        request.response().putHeader("Content-Type", "application/json").end(new JsonObject(body).toBuffer());
    }

    private static void fail(RoutingContext request, int status, String why) {
        request.response().setStatusCode(status);
        send(request, Views.tree("error", why));
    }
}
