package weir.gateway;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcService;
import io.smallrye.mutiny.Uni;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import weir.gateway.ownership.HearsPeers;
import weir.gateway.v1.DecisionsReply;
import weir.gateway.v1.DecisionsRequest;
import weir.gateway.v1.Peers;
import weir.pipeline.ToldDecisions;
import weir.rim.PipelineLifecycle;

/** What other gateways may call: weir.gateway.v1. Each call is carried out by a virtual thread, so many at once at the most. */
@GrpcService
public class PeerService implements Peers {
    private static final int MAX_CALLS = 16;
    private static final int MAX_DECISIONS = 1 << 16;
    private static final int MAX_NAME = 1024;

    private final Supplier<List<HearsPeers>> hearing;
    private final AtomicInteger calls = new AtomicInteger();

    @Inject
    PeerService(PipelineLifecycle pipeline) {
        this(() -> pipeline.engine()
                .map(engine -> engine.components(HearsPeers.class))
                .orElse(List.of()));
    }

    PeerService(Supplier<List<HearsPeers>> hearing) {
        this.hearing = hearing;
    }

    @Override
    public Uni<DecisionsReply> tellDecisions(DecisionsRequest request) {
        if (calls.incrementAndGet() > MAX_CALLS) {
            calls.decrementAndGet();
            return Uni.createFrom()
                    .failure(refusal(Status.RESOURCE_EXHAUSTED, "as many calls as may be are being carried out"));
        }
        return Uni.createFrom()
                .item(() -> DecisionsReply.newBuilder().setTaken(hear(request)).build())
                .onTermination()
                .invoke(calls::decrementAndGet)
                .runSubscriptionOn(call -> Thread.ofVirtual().name("weir-peers").start(call));
    }

    private int hear(DecisionsRequest request) {
        List<HearsPeers> all = hearing.get();
        if (all.isEmpty()) {
            throw refusal(Status.FAILED_PRECONDITION, "this gateway has no ownership processor that listens to others");
        }
        try {
            ToldDecisions told = told(request);
            for (HearsPeers each : all) {
                int taken = each.hear(told);
                if (taken != HearsPeers.NOT_HERE) {
                    return taken;
                }
            }
        } catch (IllegalArgumentException e) {
            throw refusal(Status.INVALID_ARGUMENT, String.valueOf(e.getMessage()));
        }
        throw refusal(
                Status.NOT_FOUND, "there is no sampler \"" + request.getSampler() + "\" behind an ownership processor");
    }

    private static ToldDecisions told(DecisionsRequest request) {
        if (request.getDecisionsCount() > MAX_DECISIONS) {
            throw new IllegalArgumentException("more than " + MAX_DECISIONS + " decisions in a message");
        }
        if (request.getGateway().length() > MAX_NAME || request.getSampler().length() > MAX_NAME) {
            throw new IllegalArgumentException("a name is longer than " + MAX_NAME);
        }
        long[] words = new long[request.getDecisionsCount()];
        for (int i = 0; i < words.length; i++) {
            words[i] = request.getDecisions(i);
        }
        return new ToldDecisions(
                request.getGateway(),
                request.getSampler(),
                request.getSeed(),
                List.copyOf(request.getPoliciesList()),
                words,
                Duration.ofMillis(Math.clamp(request.getKnownMillis(), 0, Integer.MAX_VALUE)));
    }

    private static StatusRuntimeException refusal(Status status, String why) {
        return status.withDescription(why).asRuntimeException();
    }
}
