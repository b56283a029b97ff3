package weir.otlp;

import java.util.Arrays;

/**
 * Splits a request of traces by a destination per span, copying slices: spans as they are, and around them the other fields
 * of their scope and resource (schema URLs and unknown fields too) under lengths of their own. Scopes and resources without
 * spans, and unknown fields of the request itself, are left out.
 *
 * <p>To be used again and again by one thread at a time; what it grows to stays. A result holds until the next split, and no
 * longer than the index it was made from.
 *
 * <pre>
 * group     a resource as one destination will see it
 * fragment  a scope as one destination will see it; fragments of a destination are chained, in the order of the request
 * chain     spans of one fragment; runs of neighbours are copied at once
 * </pre>
 */
public final class TraceSplit {
    private static final int NONE = -1;

    private TraceIndex index = new TraceIndex();
    private boolean uniform;

    private int[] nextSpan = new int[64];

    private int fragments;
    private int[] fragmentScope = new int[16];
    private int[] fragmentGroup = new int[16];
    private int[] fragmentSize = new int[16];
    private int[] fragmentFirst = new int[16];
    private int[] fragmentLast = new int[16];
    private int[] fragmentNext = new int[16];

    private int groups;
    private int[] groupSize = new int[16];
    private int[] groupDestination = new int[16];

    private int[] firstFragment = new int[8];
    private int[] lastFragment = new int[8];
    private int[] lastGroup = new int[8];
    private int[] size = new int[8];
    private int[] spans = new int[8];

    /**
     * Splits.
     *
     * @param destination of each span of the index, from 0; a negative one leaves the span out
     * @param destinations how many there are
     */
    public void split(TraceIndex index, int[] destination, int destinations) {
        this.index = index;
        fragments = 0;
        groups = 0;
        reset(destinations, index.spans());
        uniform = uniform(index, destination);
        if (uniform) {
            size[destination[0]] = index.length();
            spans[destination[0]] = index.spans();
            return;
        }
        for (int resource = 0; resource < index.resources(); resource++) {
            resource(resource, destination);
        }
    }

    /** Whether one destination gets everything: then the request is passed on as it is. */
    private static boolean uniform(TraceIndex index, int[] destination) {
        if (index.spans() == 0 || destination[0] < 0) {
            return false;
        }
        for (int i = 1; i < index.spans(); i++) {
            if (destination[i] != destination[0]) {
                return false;
            }
        }
        return true;
    }

    private void reset(int destinations, int spanCount) {
        if (size.length < destinations) {
            firstFragment = new int[destinations];
            lastFragment = new int[destinations];
            lastGroup = new int[destinations];
            size = new int[destinations];
            spans = new int[destinations];
        }
        if (nextSpan.length < spanCount) {
            nextSpan = new int[Math.max(spanCount, 2 * nextSpan.length)];
        }
        Arrays.fill(firstFragment, NONE);
        Arrays.fill(lastFragment, NONE);
        Arrays.fill(lastGroup, NONE);
        Arrays.fill(size, 0);
        Arrays.fill(spans, 0);
    }

    private void resource(int resource, int[] destination) {
        int firstGroup = groups;
        int header = index.resourceEnd(resource) - index.resourceFrom(resource);
        for (int scope = index.firstScope(resource); scope < index.firstScope(resource + 1); scope++) {
            header -= index.scopeEnd(scope) - index.scopeStart(scope);
            scope(scope, firstGroup, destination);
        }
        for (int group = firstGroup; group < groups; group++) {
            groupSize[group] += header;
            size[groupDestination[group]] += Wire.fieldSize(groupSize[group]);
        }
    }

    private void scope(int scope, int firstGroup, int[] destination) {
        int firstFragmentHere = fragments;
        int header = index.scopeEnd(scope) - index.scopeFrom(scope);
        int end = index.firstSpan(scope + 1);
        for (int span = index.firstSpan(scope); span < end; span++) {
            int bytes = index.spanEnd(span) - index.spanStart(span);
            header -= bytes;
            int to = destination[span];
            if (to < 0) {
                continue;
            }
            int fragment = lastFragment[to];
            if (fragment < firstFragmentHere) {
                fragment = addFragment(scope, firstGroup, to, span);
            } else {
                nextSpan[fragmentLast[fragment]] = span;
            }
            nextSpan[span] = NONE;
            fragmentLast[fragment] = span;
            fragmentSize[fragment] += bytes;
            spans[to]++;
        }
        for (int fragment = firstFragmentHere; fragment < fragments; fragment++) {
            fragmentSize[fragment] += header;
            groupSize[fragmentGroup[fragment]] += Wire.fieldSize(fragmentSize[fragment]);
        }
    }

    private int addFragment(int scope, int firstGroup, int to, int span) {
        if (lastGroup[to] < firstGroup) {
            lastGroup[to] = addGroup(to);
        }
        int fragment = fragments++;
        if (fragment == fragmentScope.length) {
            int more = 2 * fragment;
            fragmentScope = Arrays.copyOf(fragmentScope, more);
            fragmentGroup = Arrays.copyOf(fragmentGroup, more);
            fragmentSize = Arrays.copyOf(fragmentSize, more);
            fragmentFirst = Arrays.copyOf(fragmentFirst, more);
            fragmentLast = Arrays.copyOf(fragmentLast, more);
            fragmentNext = Arrays.copyOf(fragmentNext, more);
        }
        fragmentScope[fragment] = scope;
        fragmentGroup[fragment] = lastGroup[to];
        fragmentSize[fragment] = 0;
        fragmentFirst[fragment] = span;
        fragmentNext[fragment] = NONE;
        if (lastFragment[to] == NONE) {
            firstFragment[to] = fragment;
        } else {
            fragmentNext[lastFragment[to]] = fragment;
        }
        lastFragment[to] = fragment;
        return fragment;
    }

    private int addGroup(int to) {
        int group = groups++;
        if (group == groupSize.length) {
            groupSize = Arrays.copyOf(groupSize, 2 * group);
            groupDestination = Arrays.copyOf(groupDestination, 2 * group);
        }
        groupSize[group] = 0;
        groupDestination[group] = to;
        return group;
    }

    /** How many spans a destination gets. */
    public int spans(int destination) {
        return spans[destination];
    }

    /** How many bytes the request for a destination takes. */
    public int size(int destination) {
        return size[destination];
    }

    /** The request for a destination, over bytes of its own, or over those of the whole request when it gets all of it. */
    public Batch batch(int destination) {
        if (uniform && spans[destination] > 0) {
            return Batch.of(Signal.TRACES, index.bytes(), index.offset(), index.length(), spans[destination]);
        }
        byte[] out = new byte[size[destination]];
        write(destination, out, 0);
        return Batch.of(Signal.TRACES, out, spans[destination]);
    }

    /** Writes the request for a destination, {@link #size} bytes, and gives the offset after it. */
    public int write(int destination, byte[] out, int offset) {
        if (uniform) {
            System.arraycopy(index.bytes(), index.offset(), out, offset, size[destination]);
            return offset + size[destination];
        }
        int at = offset;
        int group = NONE;
        for (int f = firstFragment[destination]; f != NONE; f = fragmentNext[f]) {
            if (fragmentGroup[f] != group) {
                group = fragmentGroup[f];
                at = Wire.putField(out, at, 1, groupSize[group]);
                at = index.copyResourceHeader(index.resourceOf(fragmentScope[f]), out, at);
            }
            at = Wire.putField(out, at, 2, fragmentSize[f]);
            at = index.copyScopeHeader(fragmentScope[f], out, at);
            at = writeSpans(f, out, at);
        }
        return at;
    }

    private int writeSpans(int fragment, byte[] out, int offset) {
        byte[] b = index.bytes();
        int at = offset;
        int span = fragmentFirst[fragment];
        while (span != NONE) {
            int last = span;
            int next = nextSpan[last];
            while (next == last + 1 && index.spanStart(next) == index.spanEnd(last)) {
                last = next;
                next = nextSpan[last];
            }
            int from = index.spanStart(span);
            int length = index.spanEnd(last) - from;
            System.arraycopy(b, from, out, at, length);
            at += length;
            span = next;
        }
        return at;
    }
}
