package weir.gateway.sampling;

/**
 * A trace that shadow policies would have decided otherwise.
 *
 * @param traceIdHex 32 hex digits
 * @param kept what became of it
 * @param policy that decided, empty if none did
 * @param shadowPolicy that would have decided, empty if none did
 * @param spans that it had
 * @param decidedAtUnixMillis when
 */
public record ShadowDifference(
        String traceIdHex, boolean kept, String policy, String shadowPolicy, int spans, long decidedAtUnixMillis) {

    /** A sampler that may have shadow policies. */
    public interface Source {
        /** The latest differences, the newest first; few of many if there are many. Safe for use by any thread. */
        java.util.List<ShadowDifference> shadowDifferences();
    }
}
