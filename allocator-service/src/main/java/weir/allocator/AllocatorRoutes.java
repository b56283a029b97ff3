package weir.allocator;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Objects;
import weir.allocator.api.AllocatorApi;
import weir.allocator.api.Request;
import weir.allocator.api.Response;

/**
 * Serves {@link AllocatorApi}. The router only finds out that a request is for it; what its path says is read from the
 * bytes as they came, because a {@code %2F} in a job's name must not become a separator. Answers are made on worker threads:
 * one that lists all targets may take a while.
 */
@ApplicationScoped
class AllocatorRoutes {
    private final AllocatorApi api;

    AllocatorRoutes(AllocatorApi api) {
        this.api = api;
    }

    void register(@Observes Router router) {
        for (String path : List.of("/livez", "/readyz", "/scrape_configs", "/jobs", "/jobs/*")) {
            Route route = router.route(path);
            route.blockingHandler(this::answer, false);
        }
    }

    private void answer(RoutingContext context) {
        HttpServerRequest request = context.request();
        Response answer = api.answer(new Request(
                request.method().name(),
                Objects.requireNonNullElse(request.path(), "/"),
                Objects.requireNonNullElse(request.query(), "")));
        HttpServerResponse response = context.response().setStatusCode(answer.status());
        if (!answer.contentType().isEmpty()) {
            response.putHeader("Content-Type", answer.contentType());
        }
        response.putHeader("X-Content-Type-Options", "nosniff").end(Buffer.buffer(answer.body()));
    }
}
