package weir.processor.batch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Signal;

/** Requests in their order, taken from the front as merged batches. Belongs to one thread. */
final class Gathering {
    private final Signal signal;
    private final Deque<Batch> requests;
    private long items;
    private long bytes;

    Gathering(Signal signal, List<Batch> requests) {
        this.signal = signal;
        this.requests = new ArrayDeque<>(requests);
        this.items = requests.stream().mapToLong(Batch::items).sum();
        this.bytes = requests.stream().mapToLong(Batch::length).sum();
    }

    long items() {
        return items;
    }

    long bytes() {
        return bytes;
    }

    List<Batch> remaining() {
        return List.copyOf(requests);
    }

    /** Takes the next items off, at most so many and as many as there are; cuts a request if need be. */
    Batch next(int maxItems) {
        Deque<Batch> parts = new ArrayDeque<>();
        int taken = 0;
        while (!requests.isEmpty() && taken < maxItems) {
            Batch request = requests.removeFirst();
            bytes -= request.length();
            if (request.items() > maxItems - taken) {
                RequestCutter.Cut cut = cut(request, maxItems - taken);
                requests.addFirst(cut.tail());
                bytes += cut.tail().length();
                request = cut.head();
            }
            parts.add(request);
            taken += request.items();
        }
        items -= taken;
        return merged(parts, taken);
    }

    private static RequestCutter.Cut cut(Batch request, int items) {
        try {
            return new RequestCutter(items).cut(request);
        } catch (MalformedOtlpException e) {
            throw new IllegalStateException("a request that was checked at the door is malformed", e);
        }
    }

    private Batch merged(Deque<Batch> parts, int taken) {
        if (parts.size() == 1) {
            return parts.getFirst();
        }
        byte[] all = new byte[parts.stream().mapToInt(Batch::length).sum()];
        int at = 0;
        for (Batch part : parts) {
            System.arraycopy(part.bytes(), part.offset(), all, at, part.length());
            at += part.length();
        }
        return Batch.of(signal, all, taken);
    }
}
