package weir.recent;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;
import weir.otlp.TraceIndex;
import weir.pipeline.RecentTraces;
import weir.telemetry.Counter;
import weir.telemetry.Metrics;

/**
 * A bounded memory of recent decisions and kept traces. Decisions lie in a ring and are numbered, so that a reader who comes
 * again asks for those after the last it saw; requests with kept traces lie whole, newest last, found by trace id, until
 * their bytes are more than allowed. What is here is a copy for looking at: it is in no component's account, is not counted by
 * the memory limiter, and its loss loses nothing.
 */
public final class RecentStore implements RecentTraces {
    /** What {@link #withDefaults} keeps at most. */
    public static final long DEFAULT_MAX_BYTES = 64L << 20;

    private static final int DECISIONS = 4096;
    private static final int MAX_SPANS_OF_A_TRACE = 10_000;

    /** Rough size of what finds a trace again: a key, a map entry, a list of one. */
    private static final int BYTES_PER_TRACE = 160;

    /** A decision and its number; numbers begin at 1 and have no gaps. */
    public record Numbered(long sequence, Decided decided) {}

    private record TraceId(long high, long low) {}

    private record Request(Batch batch, Set<TraceId> traces, long bytes) {}

    private final long maxBytes;
    private final DecisionRate rate;
    private final Counter skipped;
    private final Counter evicted;

    private final ReentrantLock decisionsLock = new ReentrantLock();
    private final Decided[] ring = new Decided[DECISIONS];
    private long last;

    private final ReentrantLock tracesLock = new ReentrantLock();
    private final Deque<Request> requests = new ArrayDeque<>();
    private final Map<TraceId, List<Request>> byTrace = new HashMap<>();
    private volatile long bytes;

    /**
     * @param maxBytes of kept requests and what finds them
     * @param nanoTime monotonic
     */
    public RecentStore(Metrics metrics, long maxBytes, LongSupplier nanoTime) {
        this.maxBytes = maxBytes;
        this.rate = new DecisionRate(nanoTime);
        this.skipped = metrics.counter(
                "weir_recent_decisions_skipped", "Decisions that the console will not see, there being too many");
        this.evicted = metrics.counter(
                "weir_recent_requests_evicted", "Requests with kept traces that gave way to newer ones in the console");
        metrics.gauge("weir_recent_bytes", "Bytes of kept traces held for the console", () -> bytes);
    }

    /** A store of at most {@link #DEFAULT_MAX_BYTES} and an eighth of the maximum heap. */
    public static RecentStore withDefaults(Metrics metrics) {
        long heap = Runtime.getRuntime().maxMemory();
        return new RecentStore(metrics, Math.min(DEFAULT_MAX_BYTES, heap / 8), System::nanoTime);
    }

    @Override
    public boolean wanted() {
        return rate.left() > 0;
    }

    @Override
    public void decided(List<Decided> decisions) {
        int take = rate.take(decisions.size());
        if (take < decisions.size()) {
            skipped.add(decisions.size() - take);
        }
        decisionsLock.lock();
        try {
            for (int i = 0; i < take; i++) {
                ring[(int) (last++ % DECISIONS)] = decisions.get(i);
            }
        } finally {
            decisionsLock.unlock();
        }
    }

    /**
     * The decisions after a number, oldest first; the newest of them if there are more than the limit. Asking makes
     * {@link #wanted} let more of them in for a while.
     *
     * @param sequence of the last one seen; 0 for none
     */
    public List<Numbered> after(long sequence, int limit) {
        rate.asked();
        List<Numbered> found = new ArrayList<>();
        decisionsLock.lock();
        try {
            long from = Math.max(Math.max(sequence, last - limit), Math.max(0, last - DECISIONS));
            for (long n = from; n < last; n++) {
                found.add(new Numbered(n + 1, ring[(int) (n % DECISIONS)]));
            }
        } finally {
            decisionsLock.unlock();
        }
        return found;
    }

    /**
     * The latest decision about a trace, if it was described.
     *
     * @param traceIdHex 32 hex digits, of any case
     */
    public Optional<Decided> decision(String traceIdHex) {
        decisionsLock.lock();
        try {
            for (long n = last - 1; n >= Math.max(0, last - DECISIONS); n--) {
                Decided decided = ring[(int) (n % DECISIONS)];
                if (decided.traceIdHex().equalsIgnoreCase(traceIdHex)) {
                    return Optional.of(decided);
                }
            }
        } finally {
            decisionsLock.unlock();
        }
        return Optional.empty();
    }

    @Override
    public void kept(Batch batch) {
        if (batch.signal() != Signal.TRACES || batch.items() == 0) {
            return;
        }
        Set<TraceId> traces = traces(batch);
        long size = batch.length() + (long) BYTES_PER_TRACE * traces.size();
        if (size > maxBytes) {
            evicted.increment();
            return;
        }
        Request request = new Request(compact(batch), traces, size);
        tracesLock.lock();
        try {
            requests.addLast(request);
            traces.forEach(
                    id -> byTrace.computeIfAbsent(id, _ -> new ArrayList<>(1)).add(request));
            long sum = bytes + size;
            while (sum > maxBytes) {
                sum -= evictOldest();
            }
            bytes = sum;
        } finally {
            tracesLock.unlock();
        }
    }

    private static Set<TraceId> traces(Batch batch) {
        Set<TraceId> traces = new HashSet<>();
        try {
            TraceIndex index = batch.index(new TraceIndex());
            for (int i = 0; i < index.spans(); i++) {
                traces.add(new TraceId(index.traceIdHigh(i), index.traceIdLow(i)));
            }
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("a request that was checked at the door is malformed", e);
        }
        return traces;
    }

    /** Without the rest of a larger array, which the batch would keep from being collected. */
    private static Batch compact(Batch batch) {
        if (batch.length() == batch.bytes().length) {
            return batch.withoutIndex();
        }
        byte[] own = new byte[batch.length()];
        System.arraycopy(batch.bytes(), batch.offset(), own, 0, own.length);
        return Batch.of(batch.signal(), own, batch.items());
    }

    private long evictOldest() {
        Request oldest = requests.removeFirst();
        for (TraceId id : oldest.traces()) {
            byTrace.computeIfPresent(id, (_, list) -> {
                list.removeFirst();
                return list.isEmpty() ? null : list;
            });
        }
        evicted.increment();
        return oldest.bytes();
    }

    /**
     * The spans of a kept trace by their start, at most 10,000 of them; empty if it was not kept, or gave way.
     *
     * @param traceIdHex 32 hex digits, of any case
     */
    public List<KeptSpan> trace(String traceIdHex) {
        if (!traceIdHex.matches("[0-9a-fA-F]{32}")) {
            return List.of();
        }
        TraceId id = new TraceId(
                Long.parseUnsignedLong(traceIdHex, 0, 16, 16), Long.parseUnsignedLong(traceIdHex, 16, 32, 16));
        List<Request> found;
        tracesLock.lock();
        try {
            found = List.copyOf(byTrace.getOrDefault(id, List.of()));
        } finally {
            tracesLock.unlock();
        }
        KeptSpans spans = new KeptSpans(id.high(), id.low(), MAX_SPANS_OF_A_TRACE);
        found.forEach(request -> spans.read(request.batch()));
        return spans.sorted();
    }

    /** Bytes of kept requests and what finds them. */
    public long bytes() {
        return bytes;
    }
}
