package weir.ottl.context;

import java.util.Arrays;
import weir.otlp.ItemCount;
import weir.otlp.Output;
import weir.ottl.Limits;
import weir.ottl.OttlException;

/**
 * Metrics that statements make beside those of a scope. As the collector appends them to the scope, they are visited after its
 * own and may make more; so one that makes a metric of each would never end, and how far that may go is limited. Used again for
 * scope after scope; belongs to one thread.
 */
final class MadeMetrics {
    private static final int MAX_KEPT_BYTES = 1 << 20;

    private Output encoded = new Output(0);
    private int[] end = new int[8];
    private int[] generation = new int[8];
    private int count;
    private int visitedGeneration;
    private int ofRequest;
    private long bytesOfRequest;
    private int points;
    private int revision;

    /** Begins with a request. */
    void beginRequest() {
        ofRequest = 0;
        bytesOfRequest = 0;
        points = 0;
        beginScope();
    }

    /** Begins with a scope, and forgets what was made for the former. */
    void beginScope() {
        count = 0;
        visitedGeneration = 0;
        if (encoded.size() > MAX_KEPT_BYTES) {
            encoded = new Output(0);
        } else {
            encoded.clear();
        }
    }

    /** How many there are of the scope by now. */
    int count() {
        return count;
    }

    /** The array that all of them lie in, until the next is begun; what lies there stays as it is until the next scope. */
    byte[] bytes() {
        return encoded.bytes();
    }

    int from(int made) {
        return made == 0 ? 0 : end[made - 1];
    }

    /** Exclusive. */
    int end(int made) {
        return end[made];
    }

    /** What is made from now on is made of this one. */
    void visit(int made) {
        visitedGeneration = generation[made];
    }

    /** How many data points all of the request have together. */
    int points() {
        return points;
    }

    /** A number that is another after each that is made. */
    int revision() {
        return revision;
    }

    /**
     * Where the fields of a new Metric are to be written. One that was begun and not finished is forgotten.
     *
     * @throws OttlException if there are too many
     */
    Output begin() {
        if (visitedGeneration == Limits.MAX_GENERATIONS_OF_METRICS) {
            throw new OttlException("a metric would be made of one that was made of another, " + visitedGeneration
                    + " times over; let `where` leave out those that are made");
        }
        if (ofRequest == Limits.MAX_MADE_METRICS) {
            throw new OttlException(
                    "more than " + Limits.MAX_MADE_METRICS + " metrics would be made besides those of a request");
        }
        encoded.truncate(from(count));
        return encoded;
    }

    /**
     * Adds the metric that was begun.
     *
     * @throws OttlException if all that was made for the request is too large
     */
    void finish() {
        int begin = from(count);
        if (bytesOfRequest + encoded.size() - begin > Limits.MAX_MADE_METRICS_BYTES) {
            encoded.truncate(begin);
            throw new OttlException("the metrics made besides those of a request would have more than "
                    + Limits.MAX_MADE_METRICS_BYTES + " bytes");
        }
        bytesOfRequest += encoded.size() - begin;
        ofRequest++;
        points += ItemCount.ofMetric(encoded.bytes(), begin, encoded.size());
        revision++;
        if (count == end.length) {
            end = Arrays.copyOf(end, 2 * count);
            generation = Arrays.copyOf(generation, 2 * count);
        }
        end[count] = encoded.size();
        generation[count] = visitedGeneration + 1;
        count++;
    }
}
