package weir.transport.client;

import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.pipeline.Delivery;
import weir.pipeline.DeliveryCallback;
import weir.pipeline.Reason;
import weir.transport.compress.Encoding;
import weir.transport.net.EventLoops;
import weir.transport.tls.TlsContext;

/**
 * Posts batches as binary protobuf over HTTP/1.1 (OTLP/HTTP). A body is compressed by the thread that brings the batch; the
 * rest happens on event loops. Redirects are not followed: the headers may hold credentials that are meant for one host.
 */
public final class HttpSender implements Sender {
    private final ComponentContext context;
    private final HttpSettings settings;
    private @Nullable EventLoops loops;
    private @Nullable TlsContext tls;
    private volatile @Nullable HttpConnections connections;

    public HttpSender(ComponentContext context, HttpSettings settings) {
        this.context = context;
        this.settings = settings;
    }

    @Override
    public void start() throws IOException {
        loops = EventLoops.share();
        if (settings.target().tls()) {
            tls = TlsContext.client(settings.tls(), context, "", TlsContext.HTTP_1_1);
        }
        connections = new HttpConnections(context, settings, headers(), loops, tls == null ? null : tls.netty());
    }

    private HttpHeaders headers() {
        HttpHeaders headers = new DefaultHttpHeaders();
        headers.set(HttpHeaderNames.USER_AGENT, "Weir/" + context.process().version());
        settings.headers().forEach((name, value) -> headers.set(name, value.reveal()));
        if (!headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, settings.target().authority());
        }
        headers.set(HttpHeaderNames.CONTENT_TYPE, "application/x-protobuf");
        if (settings.compression() != Encoding.NONE) {
            headers.set(HttpHeaderNames.CONTENT_ENCODING, settings.compression().label());
        }
        return headers;
    }

    @Override
    public void consume(Batch batch, DeliveryCallback done) {
        HttpConnections to = connections;
        if (to == null) {
            done.complete(Answers.unavailable(Duration.ZERO, "the exporter does not run"));
            return;
        }
        HttpTry request;
        try {
            request = request(batch, done);
        } catch (IOException | RuntimeException e) {
            done.complete(Delivery.rejected(Reason.INTERNAL_ERROR, "the body could not be compressed: " + e));
            return;
        }
        request.endsBy(context.timer()
                .after(
                        settings.timeout(),
                        () -> request.abandon(to.unavailable(
                                "no answer within " + settings.timeout().toMillis() + " ms"))));
        to.send(request);
    }

    private HttpTry request(Batch batch, DeliveryCallback done) throws IOException {
        if (settings.compression() == Encoding.NONE) {
            return new HttpTry(batch.bytes(), batch.offset(), batch.length(), batch.items(), done);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream(batch.length() / 4 + 64);
        try (OutputStream out = settings.compression().encoding(body)) {
            out.write(batch.bytes(), batch.offset(), batch.length());
        }
        byte[] bytes = body.toByteArray();
        return new HttpTry(bytes, 0, bytes.length, batch.items(), done);
    }

    /** How many connections are open. */
    int connections() {
        HttpConnections to = connections;
        return to == null ? 0 : to.open();
    }

    @Override
    public void close() {
        HttpConnections to = connections;
        connections = null;
        if (to != null) {
            to.close();
        }
        if (tls != null) {
            tls.close();
        }
        if (loops != null) {
            loops.close();
        }
    }
}
