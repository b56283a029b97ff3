package weir.transport.receiver;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Duration;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.CallOptions;
import io.grpc.Compressor;
import io.grpc.CompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import weir.flow.SystemTimer;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.Consumer;
import weir.pipeline.Exporter;
import weir.pipeline.file.PipelineFiles;
import weir.pipeline.file.PipelineModel.Slot;
import weir.testing.RecordingConsumer;
import weir.testing.TestContexts;
import weir.testing.Waiting;
import weir.transport.compress.GrpcCodecs;

/** A receiver on free ports of loopback, with recording consumers behind it; at the end its books must balance. */
final class Fixture implements AutoCloseable {
    static final String BOTH = "protocols: {grpc: {endpoint: 127.0.0.1:0}, http: {endpoint: 127.0.0.1:0}}";
    private static final java.time.Duration PATIENCE = java.time.Duration.ofSeconds(10);

    final SystemTimer timer = new SystemTimer();
    final ComponentContext context = TestContexts.of("receiver", "otlp", null, timer);
    final Map<Signal, RecordingConsumer> consumers = new EnumMap<>(Signal.class);
    final OtlpReceiver receiver;

    Fixture() throws Exception {
        this(BOTH);
    }

    /** @param section of the receiver, as flow-style YAML lines without indentation */
    Fixture(String section) throws Exception {
        this(config(section));
    }

    Fixture(OtlpReceiverConfig config) throws Exception {
        for (Signal signal : Signal.values()) {
            consumers.put(signal, new RecordingConsumer());
        }
        receiver = (OtlpReceiver)
                new OtlpReceiverFactory().create(context, config, Map.<Signal, Consumer>copyOf(consumers));
        receiver.start();
    }

    static OtlpReceiverConfig config(String section) {
        var model = PipelineFiles.load("test.yaml", file(section), components(), _ -> null)
                .orThrow();
        var slot = new Slot(Components.Kind.RECEIVER, ComponentId.parse("otlp"));
        return (OtlpReceiverConfig)
                java.util.Objects.requireNonNull(model.components().get(slot)).config();
    }

    /** What loading a file with this section has to say. */
    static String problems(String section) {
        return PipelineFiles.load("test.yaml", file(section), components(), _ -> null)
                .render(false);
    }

    private static String file(String section) {
        return "receivers:\n  otlp:\n" + section.indent(4)
                + "exporters: {nop: }\n"
                + "service: {pipelines: {traces: {receivers: [otlp], exporters: [nop]}}}\n";
    }

    record NoOptions() {}

    private static Components components() {
        return Components.of("gateway", new OtlpReceiverFactory(), new ComponentFactory.OfExporter<NoOptions>() {
            @Override
            public String type() {
                return "nop";
            }

            @Override
            public Class<NoOptions> configType() {
                return NoOptions.class;
            }

            @Override
            public Set<Signal> signals() {
                return Set.of(Signal.values());
            }

            @Override
            public Exporter create(ComponentContext context, NoOptions config) {
                throw new UnsupportedOperationException();
            }
        });
    }

    RecordingConsumer consumer(Signal signal) {
        return java.util.Objects.requireNonNull(consumers.get(signal));
    }

    double metric(String name, String... labels) {
        return context.metrics().value(name, labels);
    }

    /** A client without retries of its own. */
    ManagedChannel channel() {
        return builder(receiver.grpcAddress()).build();
    }

    static NettyChannelBuilder builder(InetSocketAddress address) {
        return NettyChannelBuilder.forAddress(address)
                .usePlaintext()
                .disableRetry()
                .maxInboundMessageSize(64 << 20)
                .compressorRegistry(GrpcCodecs.compressors())
                .decompressorRegistry(GrpcCodecs.decompressors());
    }

    /** Names a compression and does not compress. */
    static CompressorRegistry notCompressing(String name) {
        CompressorRegistry registry = CompressorRegistry.newEmptyInstance();
        registry.register(new Compressor() {
            @Override
            public String getMessageEncoding() {
                return name;
            }

            @Override
            public OutputStream compress(OutputStream out) {
                return out;
            }
        });
        return registry;
    }

    static MethodDescriptor<byte[], byte[]> method(Signal signal) {
        GrpcBytes bytes = new GrpcBytes(64 << 20);
        return MethodDescriptor.newBuilder(bytes, bytes)
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(signal.grpcMethod())
                .build();
    }

    static byte[] export(ManagedChannel channel, Signal signal, byte[] request, @Nullable String compression) {
        CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
        return ClientCalls.blockingUnaryCall(
                channel, method(signal), compression == null ? options : options.withCompression(compression), request);
    }

    static void stop(ManagedChannel channel) {
        channel.shutdownNow();
        try {
            channel.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** The RetryInfo of a gRPC failure; null if it carries none. */
    static java.time.@Nullable Duration retryDelay(StatusRuntimeException e) throws InvalidProtocolBufferException {
        Metadata trailers = e.getTrailers();
        byte[] details = trailers == null
                ? null
                : trailers.get(Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER));
        return details == null ? null : retryDelay(details);
    }

    /** The RetryInfo of a google.rpc.Status, read by the official classes as far as there are any here. */
    static java.time.@Nullable Duration retryDelay(byte[] status) throws InvalidProtocolBufferException {
        var details = UnknownFieldSet.parseFrom(status).getField(3).getLengthDelimitedList();
        if (details.isEmpty()) {
            return null;
        }
        Any any = Any.parseFrom(details.getFirst());
        assertThat(any.getTypeUrl()).isEqualTo("type.googleapis.com/google.rpc.RetryInfo");
        ByteString delay = UnknownFieldSet.parseFrom(any.getValue())
                .getField(1)
                .getLengthDelimitedList()
                .getFirst();
        Duration duration = Duration.parseFrom(delay);
        return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
    }

    static long code(byte[] status) throws InvalidProtocolBufferException {
        return UnknownFieldSet.parseFrom(status).getField(1).getVarintList().getFirst();
    }

    @Override
    public void close() {
        try {
            receiver.drain(java.time.Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        receiver.close();
        timer.close();
        for (Signal signal : Signal.values()) {
            var ledger = context.ledger().of(signal);
            assertThat(ledger.difference()).as(signal + " unaccounted for").isZero();
            assertThat(ledger.heldItems()).as(signal + " held").isZero();
        }
        awaitNothingHeld();
    }

    /** Bytes of calls that a client broke off are given back by an event loop, a little later. */
    void awaitNothingHeld() {
        Waiting.holds(PATIENCE, () -> context.held().bytes() == 0);
        assertThat(context.held().bytes()).as("held bytes").isZero();
    }

    /** Waits for a metric that an event loop counts a little after the client was answered. */
    void awaitMetric(double value, String name, String... labels) {
        Waiting.holds(PATIENCE, () -> metric(name, labels) == value);
        assertThat(metric(name, labels)).as(name).isEqualTo(value);
    }
}
