package weir.transport.members;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.dns.DefaultDnsQuestion;
import io.netty.handler.codec.dns.DefaultDnsRecordDecoder;
import io.netty.handler.codec.dns.DnsRawRecord;
import io.netty.handler.codec.dns.DnsRecord;
import io.netty.handler.codec.dns.DnsRecordType;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.resolver.dns.NoopAuthoritativeDnsServerCache;
import io.netty.resolver.dns.NoopDnsCache;
import io.netty.resolver.dns.NoopDnsCnameCache;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import weir.flow.Timer;
import weir.hash.Member;
import weir.members.MemberSource;
import weir.members.Sighting;
import weir.pipeline.ComponentContext;
import weir.transport.members.ResolverConfig.DnsResolver;
import weir.transport.net.Endpoint;
import weir.transport.net.EventLoops;

/**
 * Members that the DNS names, asked again and again. Of SRV records (RFC 2782) a member's name is the first label of its
 * host, as a StatefulSet's pods have it under a headless service; where two hosts share a first label, the whole host. Weights and
 * priorities are left aside. Of addresses the name is the address.
 *
 * <p>Runs on event loops and the timer; nothing is kept between two looks but the addresses of hosts, for a host whose own
 * look-up fails.
 */
final class DnsMembers implements MemberSource {
    /** More records of one name than this are left out. */
    private static final int MAX_MEMBERS = 1000;

    private static final int SRV_HEAD_BYTES = 6;

    /** One SRV record. */
    private record Target(String host, int port) {}

    private final DnsResolver config;
    private final boolean namedByEndpoint;
    private final Timer timer;
    private final Map<String, InetAddress> lastAddress = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable EventLoops loops;
    private @Nullable DnsNameResolver resolver;
    private Timer.@Nullable Cancellable next;

    DnsMembers(DnsResolver config, boolean namedByEndpoint, ComponentContext context) {
        this.config = config;
        this.namedByEndpoint = namedByEndpoint;
        this.timer = context.timer();
    }

    @Override
    public String kind() {
        return "dns";
    }

    @Override
    public void start(Listener listener) {
        EventLoops share = EventLoops.share();
        DnsNameResolverBuilder builder = new DnsNameResolverBuilder(
                        share.group().next())
                .datagramChannelType(share.datagramType())
                .socketChannelType(share.channelType())
                .queryTimeoutMillis(config.timeout().toMillis())
                .resolveCache(NoopDnsCache.INSTANCE)
                .cnameCache(NoopDnsCnameCache.INSTANCE)
                .authoritativeDnsServerCache(NoopAuthoritativeDnsServerCache.INSTANCE);
        if (!config.weir().servers().isEmpty()) {
            InetSocketAddress[] servers = config.weir().servers().stream()
                    .map(s -> Endpoint.parse(s).address())
                    .toArray(InetSocketAddress[]::new);
            builder.nameServerProvider(new SequentialDnsServerAddressStreamProvider(servers));
        }
        lock.lock();
        try {
            loops = share;
            resolver = builder.build();
        } finally {
            lock.unlock();
        }
        look(listener);
    }

    private void look(Listener listener) {
        DnsNameResolver by;
        lock.lock();
        try {
            by = resolver;
        } finally {
            lock.unlock();
        }
        if (by == null) {
            return;
        }
        CompletableFuture<List<Sighting>> found = config.isService() ? services(by) : addresses(by);
        var _ = found.whenComplete((members, failure) -> {
            try {
                if (failure == null) {
                    listener.found(members);
                } else {
                    listener.failed(describe(failure));
                }
            } finally {
                plan(listener);
            }
        });
    }

    private void plan(Listener listener) {
        // Up to a tenth earlier, so that many processes that were started together do not ask together for ever.
        double part = 1 - ThreadLocalRandom.current().nextDouble() / 10;
        Duration wait = Duration.ofNanos((long) (config.interval().toNanos() * part));
        lock.lock();
        try {
            if (resolver != null) {
                next = timer.after(wait, () -> look(listener));
            }
        } finally {
            lock.unlock();
        }
    }

    private String describe(Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        String message = cause.getMessage();
        return config.hostname() + " cannot be looked up: " + (message == null ? cause.toString() : message);
    }

    private CompletableFuture<List<Sighting>> addresses(DnsNameResolver by) {
        return future(by.resolveAll(config.hostname())).thenApply(addresses -> {
            TreeSet<String> texts = new TreeSet<>();
            addresses.forEach(a -> texts.add(text(a)));
            return texts.stream()
                    .limit(MAX_MEMBERS)
                    .map(text -> {
                        String address = text + ":" + port(0);
                        // The collector's ring knows a port only if it was told one.
                        String name = namedByEndpoint && config.port() == 0 ? bare(text) : address;
                        return new Sighting(new Member(name, address), true, false);
                    })
                    .toList();
        });
    }

    private int port(int ofRecord) {
        return config.port() > 0 ? config.port() : ofRecord > 0 ? ofRecord : ResolverConfig.DEFAULT_PORT;
    }

    private static String text(InetAddress address) {
        return address instanceof Inet6Address ? "[" + address.getHostAddress() + "]" : address.getHostAddress();
    }

    private static String bare(String text) {
        return text.startsWith("[") ? text.substring(1, text.length() - 1) : text;
    }

    private CompletableFuture<List<Sighting>> services(DnsNameResolver by) {
        String name = config.hostname().endsWith(".") ? config.hostname() : config.hostname() + ".";
        return future(by.resolveAll(new DefaultDnsQuestion(name, DnsRecordType.SRV)))
                .thenApply(DnsMembers::targets)
                .thenCompose(targets -> located(by, targets));
    }

    private static List<Target> targets(List<DnsRecord> records) {
        List<Target> targets = new ArrayList<>();
        try {
            for (DnsRecord record : records) {
                if (record instanceof DnsRawRecord raw
                        && raw.type().equals(DnsRecordType.SRV)
                        && raw.content().readableBytes() > SRV_HEAD_BYTES
                        && targets.size() < MAX_MEMBERS) {
                    ByteBuf content = raw.content().duplicate();
                    int port = content.skipBytes(4).readUnsignedShort();
                    String host = DefaultDnsRecordDecoder.decodeName(content);
                    Target target = new Target(host.endsWith(".") ? host.substring(0, host.length() - 1) : host, port);
                    // A target of "." says that there is no such service.
                    if (!target.host().isEmpty() && !targets.contains(target)) {
                        targets.add(target);
                    }
                }
            }
        } finally {
            records.forEach(ReferenceCountUtil::release);
        }
        return targets;
    }

    /** Finds the hosts' addresses; a host that has none at the moment keeps the one it had, or is reached by its name. */
    private CompletableFuture<List<Sighting>> located(DnsNameResolver by, List<Target> targets) {
        Map<String, CompletableFuture<List<InetAddress>>> asked = new TreeMap<>();
        for (Target target : targets) {
            asked.computeIfAbsent(
                    target.host(), host -> future(by.resolveAll(host + ".")).exceptionally(_ -> List.of()));
        }
        return CompletableFuture.allOf(asked.values().toArray(CompletableFuture[]::new))
                .thenApply(_ -> {
                    asked.forEach((host, addresses) -> addresses.join().stream()
                            .min(Comparator.comparing(InetAddress::getHostAddress))
                            .ifPresent(address -> lastAddress.put(host, address)));
                    lastAddress.keySet().retainAll(asked.keySet());
                    return targets.stream().map(t -> sighting(t, targets)).toList();
                });
    }

    private Sighting sighting(Target target, List<Target> all) {
        int port = port(target.port());
        InetAddress address = lastAddress.get(target.host());
        String at = (address == null ? target.host() : text(address)) + ":" + port;
        if (namedByEndpoint) {
            return new Sighting(new Member(at, at, target.host()), true, false);
        }
        String label = firstLabel(target.host());
        boolean shared = all.stream()
                .anyMatch(t ->
                        !t.host().equals(target.host()) && firstLabel(t.host()).equals(label));
        boolean severalPorts = all.stream().anyMatch(t -> t.host().equals(target.host()) && t.port() != target.port());
        String name = (shared ? target.host() : label) + (severalPorts ? ":" + target.port() : "");
        return new Sighting(new Member(name, at, target.host()), true, true);
    }

    private static String firstLabel(String host) {
        int dot = host.indexOf('.');
        return dot < 0 ? host : host.substring(0, dot);
    }

    private static <T> CompletableFuture<T> future(Future<T> asked) {
        CompletableFuture<T> made = new CompletableFuture<>();
        var _ = asked.addListener((Future<T> f) -> {
            if (f.isSuccess()) {
                made.complete(f.getNow());
            } else {
                made.completeExceptionally(f.cause());
            }
        });
        return made;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            if (next != null) {
                next.cancel();
            }
            if (resolver != null) {
                resolver.close();
                resolver = null;
            }
            if (loops != null) {
                loops.close();
                loops = null;
            }
        } finally {
            lock.unlock();
        }
    }
}
