package weir.transport.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.ManagedChannel;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import weir.otlp.Signal;
import weir.testing.Requests;
import weir.transport.testing.RawClient;

/** Frames that no proper client sends, put together by hand (RFC 9113, 7541). */
class Http2AbuseTest {
    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int PRIORITY = 2;
    private static final int RST_STREAM = 3;
    private static final int SETTINGS = 4;
    private static final int GOAWAY = 7;
    private static final int WINDOW_UPDATE = 8;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;
    private static final int END_HEADERS = 4;
    private static final int ENHANCE_YOUR_CALM = 11;
    private static final String[] GRPC = {"kind", "receiver", "component", "otlp", "listener", "grpc"};

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

            assertThat(goAway(client)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThatOthersAreServed(fixture);
        }
    }

    /** The client never acknowledges the server's settings, which say how many it may open. */
    @Test
    void streams_moreThanMayBeOpen_areSentAway() throws Exception {
        try (Fixture fixture = new Fixture();
                RawClient client = connect(fixture)) {
            ByteArrayOutputStream flood = new ByteArrayOutputStream();
            for (int i = 0; i < 1000; i++) {
                flood.writeBytes(frame(HEADERS, END_HEADERS, 2 * i + 1, requestHeaders()));
            }
            client.send(flood.toByteArray());

            assertThat(goAway(client)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThatOthersAreServed(fixture);
        }
    }

    @Test
    void framesThatOnlyCostWork_areSentAway() throws Exception {
        Map<String, byte[]> cheap = Map.of(
                "SETTINGS", frame(SETTINGS, 0, 0, new byte[0]),
                "PRIORITY", frame(PRIORITY, 0, 5, new byte[5]),
                "empty DATA", frame(DATA, 0, 1, new byte[0]),
                "unknown", frame(0x77, 0, 0, new byte[3]));
        for (Map.Entry<String, byte[]> each : cheap.entrySet()) {
            try (Fixture fixture = new Fixture();
                    RawClient client = connect(fixture)) {
                ByteArrayOutputStream flood = new ByteArrayOutputStream();
                flood.writeBytes(frame(HEADERS, END_HEADERS, 1, requestHeaders()));
                for (int i = 0; i < 2000; i++) {
                    flood.writeBytes(each.getValue());
                }
                client.send(flood.toByteArray());

                assertThat(goAway(client)).as(each.getKey()).isEqualTo(ENHANCE_YOUR_CALM);
                assertThat(fixture.context.metrics().value("weir_listener_abusive_connections", GRPC))
                        .isEqualTo(1);
                assertThatOthersAreServed(fixture);
            }
        }
    }

    @Test
    void framesThatComeWithCalls_areTaken() throws Exception {
        try (Fixture fixture = new Fixture();
                RawClient client = connect(fixture)) {
            int calls = 2000;
            byte[] message = Requests.traces("a", 1).bytes();
            ByteBuffer framed = ByteBuffer.allocate(5 + message.length);
            framed.put((byte) 0).putInt(message.length).put(message);
            DataInputStream in = new DataInputStream(client.in());
            int ended = 0;
            for (int i = 0; i < calls; i++) {
                ByteArrayOutputStream call = new ByteArrayOutputStream();
                call.writeBytes(frame(HEADERS, END_HEADERS, 2 * i + 1, requestHeaders()));
                call.writeBytes(frame(WINDOW_UPDATE, 0, 0, new byte[] {0, 0, 0, 1}));
                call.writeBytes(frame(0x77, 0, 0, new byte[3]));
                call.writeBytes(frame(DATA, END_STREAM, 2 * i + 1, framed.array()));
                client.send(call.toByteArray());
                while (ended <= i) {
                    int head = in.readInt();
                    int flags = in.readByte();
                    in.readInt();
                    in.skipNBytes(head >>> 8);
                    assertThat(head & 0xff).isNotEqualTo(GOAWAY);
                    ended += (head & 0xff) == HEADERS && (flags & END_STREAM) != 0 ? 1 : 0;
                }
            }
            assertThat(fixture.context.ledger().of(Signal.TRACES).deliveredItems())
                    .isEqualTo(calls);
        }
    }

    @Test
    void headThatIsNotEnded_isSentAwayInTime() throws Exception {
        try (Fixture fixture = new Fixture(Fixture.BOTH + "\nweir: {handshake_timeout: 200ms}");
                RawClient client = connect(fixture)) {
            client.send(frame(HEADERS, 0, 1, requestHeaders()));

            assertThat(goAway(client)).isEqualTo(ENHANCE_YOUR_CALM);
            assertThatOthersAreServed(fixture);
        }
    }

    @Test
    void answerThatIsNotTaken_closesTheConnectionInTime() throws Exception {
        byte[] noWindow = {0, 4, 0, 0, 0, 0};
        try (Fixture fixture = new Fixture(Fixture.BOTH + "\nweir: {body_timeout: 400ms}");
                RawClient client = new RawClient(fixture.receiver.grpcAddress())
                        .send("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
                        .send(frame(SETTINGS, 0, 0, noWindow))) {
            client.send(frame(HEADERS, END_HEADERS, 1, requestHeaders()));
            client.send(frame(DATA, END_STREAM, 1, new byte[5]));

            assertThat(goAway(client)).as("closed without a word").isEqualTo(-1);
            assertThat(fixture.context.metrics().value("weir_listener_timeouts", GRPC))
                    .isEqualTo(1);
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
