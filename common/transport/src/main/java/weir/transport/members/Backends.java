package weir.transport.members;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.hash.Member;
import weir.hash.Membership;
import weir.otlp.Batch;
import weir.pipeline.ComponentContext;
import weir.transport.client.Sender;

/**
 * The backends of the members there are. When the members change, those that stay keep their queues, also at another address;
 * what was held for one that left goes to whoever owns it now. Changes come one at a time and may block; everything else is
 * safe for use by any thread.
 */
public final class Backends implements AutoCloseable {
    /** How much longer than a try may take a former sender is kept for what it has in flight. */
    private static final Duration MORE = Duration.ofSeconds(1);

    /**
     * The backends at a time.
     *
     * @param list each at its member's position; null at the own one, where there is no backend
     */
    public record Current(Membership members, List<@Nullable Backend> list) {
        /** The backend at a position that is not the own one. */
        public Backend at(int position) {
            return Objects.requireNonNull(list.get(position));
        }

        private List<Backend> present() {
            List<Backend> present = new ArrayList<>();
            for (Backend backend : list) {
                if (backend != null) {
                    present.add(backend);
                }
            }
            return present;
        }
    }

    private final ComponentContext context;
    private final BackendProtocol protocol;
    private final long maxQueueBytes;
    private final String self;
    private final Function<Member, Sender> senders;
    private final Consumer<Batch> elsewhere;
    private final List<Backend> retired = new CopyOnWriteArrayList<>();
    private volatile Current current;
    private volatile String failure = "";

    /**
     * None until {@link #use} is called.
     *
     * @param self the member that is this process itself, which has no backend; empty: none of them is
     * @param senders makes the sender to a member's address
     * @param elsewhere takes what was held for a backend that is gone; the component's account still holds it
     */
    public Backends(
            ComponentContext context,
            BackendProtocol protocol,
            long maxQueueBytes,
            String self,
            Membership nobody,
            Function<Member, Sender> senders,
            Consumer<Batch> elsewhere) {
        this.context = context;
        this.protocol = protocol;
        this.maxQueueBytes = maxQueueBytes;
        this.self = self;
        this.senders = senders;
        this.elsewhere = elsewhere;
        this.current = new Current(nobody, List.of());
    }

    public Current current() {
        return current;
    }

    @SuppressWarnings("ReferenceEquality") // Each is made once.
    public boolean isCurrent(Current snapshot) {
        return current == snapshot;
    }

    /** Goes over to other members. What is held for those that stay is looked at anew: others may own it now. */
    public void use(Membership next) {
        boolean others = next.fingerprint() != current.members().fingerprint();
        List<Backend> stay = new ArrayList<>();
        Map<String, Backend> gone = new HashMap<>();
        current.present().forEach(b -> gone.put(b.member().name(), b));
        List<@Nullable Backend> list = new ArrayList<>();
        for (Member member : next.members()) {
            Backend known = gone.remove(member.name());
            if (member.name().equals(self)) {
                list.add(null);
            } else if (known == null) {
                list.add(made(member));
            } else {
                move(known, member);
                list.add(known);
                stay.add(known);
            }
        }
        current = new Current(next, Collections.unmodifiableList(list));
        gone.values().forEach(this::retire);
        if (others) {
            stay.forEach(b -> b.queue().reroute(elsewhere));
        }
    }

    /** To be called after batches were committed to backends that were the current ones before: these may have changed. */
    public void placed(Current by) {
        if (!isCurrent(by)) {
            by.present().forEach(b -> b.queue().reroute(elsewhere));
        }
    }

    private Backend made(Member member) {
        Sender sender = started(member);
        return new Backend(context, protocol, maxQueueBytes, member, sender);
    }

    private Sender started(Member member) {
        Sender sender = senders.apply(member);
        try {
            sender.start();
        } catch (IOException e) {
            // It answers that it does not run, so that what is for it is held.
            failure = "cannot send to " + member.name() + ": " + e.getMessage();
            context.logger().log(Level.ERROR, failure);
        }
        return sender;
    }

    /** Why a sender could not be started, as a sentence for the user; empty if all could. */
    public String failure() {
        return failure;
    }

    private void move(Backend backend, Member to) {
        Member from = backend.member();
        if (from.address().equals(to.address()) && from.host().equals(to.host())) {
            return;
        }
        Sender former = backend.moveTo(to, started(to));
        context.timer().after(protocol.client().timeout().plus(MORE), former::close);
    }

    private void retire(Backend backend) {
        retired.add(backend);
        backend.retire(elsewhere);
        context.timer().after(protocol.client().timeout().plus(MORE), () -> end(backend));
    }

    private void end(Backend backend) {
        if (!retired.remove(backend)) {
            return;
        }
        backend.close();
        String name = backend.member().name();
        if (current.members().indexOf(name) < 0) {
            String id = context.id().toString();
            context.metrics().remove("exporter", id, "endpoint", name);
            context.metrics().remove("component", id, "endpoint", name);
        }
    }

    /** See {@link weir.pipeline.Component#drain}. */
    public boolean drain(Duration limit) throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        List<Backend> all = all();
        for (Backend backend : all) {
            backend.queue().drain(Duration.ZERO);
        }
        boolean done = true;
        for (Backend backend : all) {
            done &= backend.queue().drain(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
        }
        return done;
    }

    private List<Backend> all() {
        List<Backend> all = new ArrayList<>(retired);
        all.addAll(current.present());
        return all;
    }

    /** Counts what is held as dropped, and lets go of all connections. */
    @Override
    public void close() {
        all().forEach(Backend::close);
        retired.clear();
    }

    /** Why nothing gets through to some, in a sentence each; empty while all is well. */
    public String trouble() {
        return current.present().stream()
                .map(Backend::trouble)
                .filter(t -> !t.isEmpty())
                .collect(Collectors.joining("; "));
    }
}
