package weir.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** A way to a port of loopback that takes no more than so many bytes a second, over all connections; answers go freely. */
final class ThrottledProxy implements AutoCloseable {
    /** So small that what the way does not take is held back in the sender, not in the kernel. */
    private static final int BUFFER_BYTES = 64 << 10;

    private final ServerSocket server;
    private final int target;
    private final double nanosPerByte;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private long nextNanos = System.nanoTime();

    ThrottledProxy(int target, double bytesPerSecond) throws IOException {
        this.target = target;
        this.nanosPerByte = 1e9 / bytesPerSecond;
        server = new ServerSocket();
        server.setReceiveBufferSize(BUFFER_BYTES);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    private void accept() {
        try {
            while (true) {
                Socket from = server.accept();
                Socket to = new Socket(InetAddress.getLoopbackAddress(), target);
                sockets.add(from);
                sockets.add(to);
                // Platform threads: the pace must not depend on how busy the others are.
                Thread.ofPlatform().daemon().start(() -> copy(from, to, true));
                Thread.ofPlatform().daemon().start(() -> copy(to, from, false));
            }
        } catch (IOException _) {
            // closed
        }
    }

    private void copy(Socket from, Socket to, boolean paced) {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
                if (paced) {
                    TimeUnit.NANOSECONDS.sleep(turn(n) - System.nanoTime());
                }
                out.write(buffer, 0, n);
            }
        } catch (IOException | InterruptedException _) {
            // one of the ends is gone
        }
    }

    private synchronized long turn(int bytes) {
        nextNanos = Math.max(nextNanos, System.nanoTime()) + (long) (nanosPerByte * bytes);
        return nextNanos;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
