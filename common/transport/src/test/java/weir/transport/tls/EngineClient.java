package weir.transport.tls;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/** Drives TLS engines by hand, so that what is tested is the context that made them and nothing else. */
final class EngineClient {
    private static final int ROOM = 64 << 10;

    private EngineClient() {}

    /** Asks for {@code /} and gives the server's certificate; fails if the answer is not a 200. */
    static X509Certificate get(SSLEngine engine, InetSocketAddress address) throws IOException {
        engine.setUseClientMode(true);
        try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
            socket.setSoTimeout(10_000);
            ByteBuffer in = ByteBuffer.allocate(ROOM);
            ByteBuffer plain = ByteBuffer.allocate(ROOM);
            ByteBuffer request =
                    ByteBuffer.wrap("GET / HTTP/1.1\r\nConnection: close\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            while (!text(plain).contains("hello")) {
                runTasks(engine);
                boolean reads = engine.getHandshakeStatus() == HandshakeStatus.NEED_UNWRAP
                        || (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING && !request.hasRemaining());
                if (!reads) {
                    ByteBuffer out = ByteBuffer.allocate(ROOM);
                    engine.wrap(request, out);
                    socket.getOutputStream().write(out.array(), 0, out.position());
                    continue;
                }
                in.flip();
                SSLEngineResult result = engine.unwrap(in, plain);
                in.compact();
                if (result.getStatus() == SSLEngineResult.Status.CLOSED) {
                    throw new SSLException("closed by the server");
                }
                if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW) {
                    int n = socket.getInputStream().read(in.array(), in.position(), in.remaining());
                    if (n < 0) {
                        throw new SSLException("closed by the server");
                    }
                    in.position(in.position() + n);
                }
            }
            return (X509Certificate) engine.getSession().getPeerCertificates()[0];
        }
    }

    /** Shakes hands in memory and gives the server's certificate. */
    static X509Certificate handshake(SSLEngine client, SSLEngine server) throws IOException {
        client.setUseClientMode(true);
        server.setUseClientMode(false);
        ByteBuffer toServer = ByteBuffer.allocate(ROOM);
        ByteBuffer toClient = ByteBuffer.allocate(ROOM);
        client.beginHandshake();
        server.beginHandshake();
        for (int i = 0; i < 100 && !(done(client) && done(server)); i++) {
            step(client, toClient, toServer);
            step(server, toServer, toClient);
        }
        return (X509Certificate) client.getSession().getPeerCertificates()[0];
    }

    private static boolean done(SSLEngine engine) {
        return engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING;
    }

    private static void step(SSLEngine engine, ByteBuffer in, ByteBuffer out) throws SSLException {
        runTasks(engine);
        switch (engine.getHandshakeStatus()) {
            case NEED_WRAP -> engine.wrap(ByteBuffer.allocate(0), out);
            case NEED_UNWRAP, NOT_HANDSHAKING -> {
                in.flip();
                engine.unwrap(in, ByteBuffer.allocate(ROOM));
                in.compact();
            }
            default -> {}
        }
    }

    private static void runTasks(SSLEngine engine) {
        for (Runnable task = engine.getDelegatedTask(); task != null; task = engine.getDelegatedTask()) {
            task.run();
        }
    }

    private static String text(ByteBuffer plain) {
        return StandardCharsets.ISO_8859_1.decode(plain.duplicate().flip()).toString();
    }
}
