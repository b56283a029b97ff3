package weir.gateway;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import weir.gateway.ownership.OwnershipConfig;
import weir.gateway.ownership.PeersConfig;
import weir.pipeline.ComponentId;
import weir.pipeline.Components;
import weir.pipeline.file.PipelineModel;
import weir.pipeline.file.PipelineModel.Configured;
import weir.transport.net.Endpoint;
import weir.transport.tls.TlsClientConfig;

/**
 * The server that only other gateways call, as a file has it.
 *
 * @param of an ownership processor that asks for it
 * @param tls what it shows and whom it trusts; null: it speaks without TLS
 */
record PeerListener(ComponentId of, Endpoint at, @Nullable TlsClientConfig tls) {
    /**
     * Empty if no ownership processor listens to other gateways.
     *
     * @throws IllegalArgumentException with a sentence, if they would need several servers
     */
    static Optional<PeerListener> of(PipelineModel model) {
        List<PeerListener> all = model.pipelines().stream()
                .flatMap(pipeline -> pipeline.processors().stream())
                .map(id -> model.find(Components.Kind.PROCESSOR, id))
                .filter(Objects::nonNull)
                .flatMap(PeerListener::of)
                .toList();
        if (all.stream().map(each -> each.of(all.getFirst().of())).distinct().count() > 1) {
            throw new IllegalArgumentException(
                    "the sections peers of its ownership processors differ in endpoint or TLS, and a gateway has one such"
                            + " server: have them say the same");
        }
        return all.stream().findFirst();
    }

    private static Stream<PeerListener> of(Configured<?> processor) {
        if (!(processor.config() instanceof OwnershipConfig config)) {
            return Stream.empty();
        }
        PeersConfig peers = config.peers();
        if (peers == null) {
            return Stream.empty();
        }
        TlsClientConfig tls = config.protocol().otlp().client().tls();
        return Stream.of(
                new PeerListener(processor.id(), peers.listensAt(), tls.insecure() ? null : forListening(tls)));
    }

    /** Without what only a client asks for. */
    private static TlsClientConfig forListening(TlsClientConfig tls) {
        return new TlsClientConfig(false, false, "", tls.caFile(), tls.caPem(), false, tls.common());
    }

    private PeerListener of(ComponentId other) {
        return new PeerListener(other, at, tls);
    }
}
