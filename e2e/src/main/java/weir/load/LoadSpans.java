package weir.load;

import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;

/** Names, kinds and attributes of the judge's spans, as SDKs set them by the semantic conventions. */
final class LoadSpans {
    private LoadSpans() {}

    /** A request that a server has answered. */
    static void server(Span.Builder span, int i) {
        span.setName("GET /api/v2/products/{productId}")
                .setKind(Span.SpanKind.SPAN_KIND_SERVER)
                .addAttributes(text("http.request.method", "GET"))
                .addAttributes(text("url.path", "/api/v2/products/%08d".formatted(i * 7919)))
                .addAttributes(text("url.scheme", "http"))
                .addAttributes(number("http.response.status_code", 200))
                .addAttributes(text("server.address", "catalog.shop.svc"))
                .addAttributes(number("server.port", 8080))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(number("thread.id", 40 + i % 30));
    }

    /** By the span's index in its trace: a server, what it calls, and so on again. */
    static void describe(Span.Builder span, int i, int index) {
        switch (index % 8) {
            case 0, 2, 5 -> {
                server(span, i);
                span.addAttributes(text("user_agent.original", "okhttp/4.12.0"));
            }
            case 1, 4 -> client(span, i);
            case 3 -> database(span, i);
            case 6 -> cache(span, i);
            default -> producer(span, i);
        }
    }

    private static void client(Span.Builder span, int i) {
        span.setName("GET")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .addAttributes(text("http.request.method", "GET"))
                .addAttributes(
                        text("url.full", "http://catalog.shop.svc:8080/api/v2/products/%08d".formatted(i * 7919)))
                .addAttributes(number("http.response.status_code", 200))
                .addAttributes(text("server.address", "catalog.shop.svc"))
                .addAttributes(number("server.port", 8080))
                .addAttributes(text("network.protocol.version", "1.1"))
                .addAttributes(number("thread.id", 40 + i % 30));
    }

    /** By the conventions before 2025, which most libraries still send. */
    private static void database(Span.Builder span, int i) {
        span.setName("SELECT shop.products")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .addAttributes(text("db.system", "postgresql"))
                .addAttributes(text("db.name", "shop"))
                .addAttributes(text("db.user", "catalog"))
                .addAttributes(text("db.connection_string", "postgresql://products-db.shop.svc:5432"))
                .addAttributes(text("db.statement", "SELECT id, name, price FROM products WHERE id = ?"))
                .addAttributes(text("db.operation", "SELECT"))
                .addAttributes(text("server.address", "products-db.shop.svc"))
                .addAttributes(number("thread.id", 40 + i % 30));
    }

    /** By the conventions of today. */
    private static void cache(Span.Builder span, int i) {
        span.setName("GET")
                .setKind(Span.SpanKind.SPAN_KIND_CLIENT)
                .addAttributes(text("db.system.name", "redis"))
                .addAttributes(text("db.operation.name", "GET"))
                .addAttributes(text("db.query.text", "GET product:%08d".formatted(i * 7919)))
                .addAttributes(text("network.peer.address", "10.40.7.21"))
                .addAttributes(number("network.peer.port", 6379))
                .addAttributes(text("server.address", "cache.shop.svc"))
                .addAttributes(number("thread.id", 40 + i % 30));
    }

    private static void producer(Span.Builder span, int i) {
        span.setName("send product-viewed")
                .setKind(Span.SpanKind.SPAN_KIND_PRODUCER)
                .addAttributes(text("messaging.system", "kafka"))
                .addAttributes(text("messaging.operation.type", "send"))
                .addAttributes(text("messaging.destination.name", "product-viewed"))
                .addAttributes(text("messaging.client.id", "producer-1"))
                .addAttributes(number("messaging.destination.partition.id", i % 12))
                .addAttributes(text("server.address", "kafka.shop.svc"))
                .addAttributes(number("thread.id", 40 + i % 30));
    }

    static KeyValue text(String key, String value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setStringValue(value))
                .build();
    }

    static KeyValue number(String key, long value) {
        return KeyValue.newBuilder()
                .setKey(key)
                .setValue(AnyValue.newBuilder().setIntValue(value))
                .build();
    }
}
