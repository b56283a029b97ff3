package weir.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A small DNS server on loopback (RFC 1035, UDP): knows addresses and SRV records, which a test may change at any time. */
public final class DnsServer implements AutoCloseable {
    private static final int A = 1;
    private static final int SRV = 33;
    private static final int NO_SUCH_NAME = 3;
    private static final int HEADER_BYTES = 12;

    private final DatagramSocket socket;
    private final Thread thread;
    private final Map<String, List<byte[]>> addresses = new ConcurrentHashMap<>();
    private final Map<String, List<byte[]>> services = new ConcurrentHashMap<>();
    private final AtomicInteger queries = new AtomicInteger();
    private volatile boolean mute;

    public DnsServer() throws IOException {
        socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        thread = Thread.ofVirtual().name("dns").start(this::serve);
    }

    /** Where it listens, as address:port. */
    public String address() {
        return "127.0.0.1:" + socket.getLocalPort();
    }

    /** Gives a name addresses. */
    public DnsServer addresses(String name, String... ips) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String ip : ips) {
            all.add(InetAddress.getByName(ip).getAddress());
        }
        addresses.put(key(name), all);
        return this;
    }

    /** Gives a name SRV records: host:port each. */
    public DnsServer services(String name, String... targets) throws IOException {
        List<byte[]> all = new ArrayList<>();
        for (String target : targets) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            DataOutputStream out = new DataOutputStream(bytes);
            out.writeInt(0);
            out.writeShort(Integer.parseInt(target.substring(target.indexOf(':') + 1)));
            name(out, target.substring(0, target.indexOf(':')));
            all.add(bytes.toByteArray());
        }
        services.put(key(name), all);
        return this;
    }

    /** Forgets a name. */
    public void remove(String name) {
        addresses.remove(key(name));
        services.remove(key(name));
    }

    /** Whether to answer nothing. */
    public void mute(boolean silent) {
        mute = silent;
    }

    /** How many queries came. */
    public int queries() {
        return queries.get();
    }

    private static String key(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
    }

    private void serve() {
        byte[] buffer = new byte[1500];
        while (!socket.isClosed()) {
            DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
            try {
                socket.receive(packet);
                queries.incrementAndGet();
                if (!mute) {
                    byte[] reply = reply(ByteBuffer.wrap(buffer, 0, packet.getLength()));
                    socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
                }
            } catch (IOException e) {
                if (!socket.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private byte[] reply(ByteBuffer query) throws IOException {
        int id = query.getShort(0);
        query.position(HEADER_BYTES);
        StringBuilder asked = new StringBuilder();
        for (int length = query.get(); length > 0; length = query.get()) {
            byte[] label = new byte[length];
            query.get(label);
            asked.append(asked.isEmpty() ? "" : ".").append(new String(label, StandardCharsets.US_ASCII));
        }
        int type = query.getShort();
        String name = key(asked.toString());
        boolean known = addresses.containsKey(name) || services.containsKey(name);
        List<byte[]> records = switch (type) {
            case A -> addresses.getOrDefault(name, List.of());
            case SRV -> services.getOrDefault(name, List.of());
            default -> List.of();
        };
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeShort(id);
        out.writeShort(0x8580 | (known ? 0 : NO_SUCH_NAME));
        out.writeShort(1);
        out.writeShort(records.size());
        out.writeInt(0);
        name(out, asked.toString());
        out.writeShort(type);
        out.writeShort(1);
        for (byte[] record : records) {
            out.writeShort(0xc000 | HEADER_BYTES);
            out.writeShort(type);
            out.writeShort(1);
            out.writeInt(5);
            out.writeShort(record.length);
            out.write(record);
        }
        return bytes.toByteArray();
    }

    private static void name(DataOutputStream out, String name) throws IOException {
        for (String label : key(name).split("\\.", -1)) {
            out.writeByte(label.length());
            out.write(label.getBytes(StandardCharsets.US_ASCII));
        }
        out.writeByte(0);
    }

    @Override
    public void close() {
        socket.close();
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
