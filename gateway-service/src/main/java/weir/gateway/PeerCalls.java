package weir.gateway;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NegotiationType;
import io.grpc.netty.NettyChannelBuilder;
import io.smallrye.mutiny.TimeoutException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import weir.gateway.ownership.Peer;
import weir.gateway.v1.DecisionsRequest;
import weir.gateway.v1.MutinyPeersGrpc;
import weir.pipeline.ComponentContext;
import weir.pipeline.ToldDecisions;
import weir.transport.client.GrpcSettings;
import weir.transport.client.GrpcTarget;
import weir.transport.net.EventLoops;
import weir.transport.tls.TlsContext;

/** Another gateway, called by the stub of weir.gateway.v1. */
final class PeerCalls implements Peer {
    private static final int MAX_REPLY_BYTES = 64 << 10;
    private static final Duration MORE = Duration.ofSeconds(1);

    private final EventLoops loops;
    private final @Nullable TlsContext tls;
    private final ManagedChannel channel;
    private final String endpoint;

    private PeerCalls(EventLoops loops, @Nullable TlsContext tls, ManagedChannel channel, String endpoint) {
        this.loops = loops;
        this.tls = tls;
        this.channel = channel;
        this.endpoint = endpoint;
    }

    /** @throws IOException if TLS cannot be set up */
    static Peer open(ComponentContext context, GrpcSettings settings, String name) throws IOException {
        GrpcTarget target = GrpcTarget.parse(settings.endpoint());
        boolean plain = target.plaintext() || settings.tls().insecure();
        TlsContext tls = plain ? null : TlsContext.client(settings.tls(), context, "peers " + name, TlsContext.H2);
        EventLoops loops = EventLoops.share();
        NettyChannelBuilder builder = NettyChannelBuilder.forTarget(target.target())
                .eventLoopGroup(loops.group())
                .channelType(loops.channelType())
                .directExecutor()
                .disableRetry()
                .maxInboundMessageSize(MAX_REPLY_BYTES)
                .userAgent("Weir/" + context.process().version());
        if (tls == null) {
            builder.negotiationType(NegotiationType.PLAINTEXT);
        } else {
            builder.sslContext(tls.netty());
        }
        String authority = settings.tls().serverNameOverride().isEmpty()
                ? settings.authority()
                : settings.tls().serverNameOverride();
        if (!authority.isEmpty()) {
            builder.overrideAuthority(authority);
        }
        return new PeerCalls(loops, tls, builder.build(), settings.endpoint());
    }

    @Override
    public void tell(ToldDecisions told, long members, Duration timeout) throws IOException, InterruptedException {
        DecisionsRequest request = DecisionsRequest.newBuilder()
                .setGateway(told.gateway())
                .setMembers(members)
                .setSampler(told.sampler())
                .setSeed(told.seed())
                .addAllPolicies(told.policies())
                .addAllDecisions(LongStream.of(told.words()).boxed().toList())
                .setKnownMillis(Math.max(0, told.known().toMillis()))
                .build();
        try {
            MutinyPeersGrpc.newMutinyStub(channel)
                    .withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                    .tellDecisions(request)
                    .await()
                    .atMost(timeout.plus(MORE));
        } catch (StatusRuntimeException e) {
            throw new IOException(endpoint + ": " + described(e.getStatus()), e);
        } catch (TimeoutException e) {
            throw new IOException(endpoint + ": no answer within " + timeout.toMillis() + " ms", e);
        } catch (CompletionException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            throw new IOException(endpoint + ": " + e.getMessage(), e);
        }
    }

    private static String described(Status status) {
        String text = status.getCode() + (status.getDescription() == null ? "" : ": " + status.getDescription());
        Throwable cause = status.getCause();
        return cause == null ? text : text + " (" + cause.getMessage() + ")";
    }

    @Override
    public void close() {
        channel.shutdownNow();
        if (tls != null) {
            tls.close();
        }
        loops.close();
    }
}
