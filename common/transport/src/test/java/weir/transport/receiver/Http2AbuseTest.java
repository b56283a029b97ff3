package weir.transport.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.Test;
import weir.otlp.Signal;
import weir.testing.Requests;
import weir.transport.testing.RawClient;

/** Frames that no proper client sends, put together by hand (RFC 9113, 7541). */
class Http2AbuseTest {
    private static final int HEADERS = 1;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int CONTINUATION = 9;
    private static final int END_HEADERS = 4;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final int PROTOCOL_ERROR = 1;

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(payload.length >>> 16);
        out.write(payload.length >>> 8);
        out.write(payload.length);
        out.write(type);
        out.write(flags);
        out.writeBytes(
                new byte[] {(byte) (stream >>> 24), (byte) (stream >>> 16), (byte) (stream >>> 8), (byte) stream});
        out.writeBytes(payload);
        return out.toByteArray();
    }

    /** POST of a gRPC method: fields of the static table, and literals that are not indexed. */
    private static byte[] requestHeaders() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x83);
        out.write(0x86);
        literal(out, new byte[] {0x04}, "/" + Signal.TRACES.grpcMethod());
        literal(out, new byte[] {0x01}, "localhost");
        literal(out, new byte[] {0x0f, 0x10}, "application/grpc");
        out.writeBytes(new byte[] {0, 2, 't', 'e'});
        literal(out, new byte[0], "trailers");
        return out.toByteArray();
    }

    private static void literal(ByteArrayOutputStream out, byte[] name, String value) {
        out.writeBytes(name);
        out.write(value.length());
        out.writeBytes(value.getBytes(US_ASCII));
    }

    private static RawClient connect(Fixture fixture) throws IOException {
        return new RawClient(fixture.receiver.grpcAddress())
                .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                .send(frame(SETTINGS, 0, 0, new byte[0]));
    }

    /** The error code of the GOAWAY that comes; -1 if the connection is closed without one. */
    private static int goAway(RawClient client) throws IOException {
        DataInputStream in = new DataInputStream(client.in());
        try {
            while (true) {
                int head = in.readInt();
                in.readByte();
                in.readInt();
                byte[] payload = in.readNBytes(head >>> 8);
                if ((head & 0xff) == GOAWAY) {
                    return payload[7];
                }
            }
        } catch (EOFException | SocketException _) {
            return -1;
        }
    }

    private static void assertThatOthersAreServed(Fixture fixture) {
        ManagedChannel channel = fixture.channel();
        assertThat(Fixture.export(
                        channel, Signal.TRACES, Requests.traces("after", 1).bytes(), null))
                .isEmpty();
        Fixture.stop(channel);
    }

    @Test
    void resets_rapid_areSentAway() throws Exception {
        try (Fixture fixture = new Fixture();
                RawClient client = connect(fixture)) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++) {
                flood.writeBytes(frame(HEADERS, END_HEADERS, 2 * i + 1, requestHeaders()));
                flood.writeBytes(frame(RST_STREAM, 0, 2 * i + 1, new byte[] {0, 0, 0, 8}));
            }
            client.send(flood.toByteArray());

            assertThat(goAway(client)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThatOthersAreServed(fixture);
        }
    }

    @Test
    void continuations_withoutEnd_areSentAway() throws Exception {
        try (Fixture fixture = new Fixture();
                RawClient client = connect(fixture)) {
            client.send(frame(HEADERS, 0, 1, requestHeaders()));
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++) {
                flood.writeBytes(frame(CONTINUATION, 0, 1, new byte[0]));
            }
            client.send(flood.toByteArray());

            assertThat(goAway(client)).isIn(ENHANCE_YOUR_CALM, PROTOCOL_ERROR);
            assertThatOthersAreServed(fixture);
        }
    }

    @Test
    void garbage_isClosed() throws Exception {
        try (Fixture fixture = new Fixture();
                RawClient client = new RawClient(fixture.receiver.grpcAddress())) {
            client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
            client.readToEnd();
            assertThatOthersAreServed(fixture);
        }
    }

    @Test
    void silence_isClosedAfterTheHandshakeTimeout() throws Exception {
        try (Fixture fixture = new Fixture(Fixture.BOTH + "\nweir: {handshake_timeout: 200ms}");
                RawClient client = new RawClient(fixture.receiver.grpcAddress())) {
            client.readToEnd();
            assertThatOthersAreServed(fixture);
        }
    }
}
