package weir.transport.client;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import weir.otlp.MalformedOtlpException;
import weir.otlp.Wire;
import weir.pipeline.Delivery;
import weir.pipeline.Reason;

/**
 * What a backend's answer means. The messages are read as bytes, because a hostile one must cost nothing; what cannot be read
 * is taken for absent, since the status alone says whether the request was taken.
 *
 * <pre>
 * Export*ServiceResponse { PartialSuccess partial_success = 1; }
 * PartialSuccess         { int64 rejected = 1; string error_message = 2; }
 * google.rpc.Status      { int32 code = 1; string message = 2; repeated Any details = 3; }
 * Any                    { string type_url = 1; bytes value = 2; }
 * google.rpc.RetryInfo   { Duration retry_delay = 1; }
 * Duration               { int64 seconds = 1; int32 nanos = 2; }
 * </pre>
 */
final class Answers {
    /** More of an answer than this is not read. */
    static final int MAX_BYTES = 64 << 10;

    private static final int MAX_MESSAGE_CHARS = 300;
    private static final String RETRY_INFO = "google.rpc.RetryInfo";

    /** Receives one field of a message. */
    @FunctionalInterface
    private interface Field {
        /** Bytes lie from {@code from} to {@code end}; a number is {@code number}. */
        void read(int field, int from, int end, long number) throws MalformedOtlpException;
    }

    private Answers() {}

    /**
     * A backend took a request.
     *
     * @param items how many the request had
     * @param response its Export*ServiceResponse
     */
    static Delivery success(int items, byte[] response) {
        if (response.length == 0) {
            return Delivery.ACCEPTED;
        }
        long[] rejected = {0};
        String[] message = {""};
        boolean readable = fields(response, 0, response.length, (field, from, end, number) -> {
            if (field == 1) {
                walk(response, from, end, (inner, innerFrom, innerEnd, n) -> {
                    if (inner == 1) {
                        rejected[0] = n;
                    } else if (inner == 2) {
                        message[0] = printable(response, innerFrom, innerEnd);
                    }
                });
            }
        });
        long lost = Math.min(items, rejected[0]);
        return readable && lost > 0
                ? new Delivery.Partial(lost, Reason.BACKEND_PARTIAL, "the backend rejected some: " + message[0])
                : Delivery.ACCEPTED;
    }

    /** The wait that a google.rpc.Status asks for; zero if none. */
    static Duration retryDelay(byte[] status) {
        long[] delay = new long[2];
        boolean readable = fields(status, 0, status.length, (field, from, end, number) -> {
            if (field == 3 && isRetryInfo(status, from, end)) {
                readRetryInfo(status, from, end, delay);
            }
        });
        // A Duration of protobuf holds up to 10,000 years; whoever asks for more has not asked.
        boolean sound = delay[0] >= 0 && delay[0] <= 315_576_000_000L && delay[1] >= 0 && delay[1] < 1_000_000_000L;
        return readable && sound ? Duration.ofSeconds(delay[0], delay[1]) : Duration.ZERO;
    }

    private static boolean isRetryInfo(byte[] b, int anyFrom, int anyEnd) throws MalformedOtlpException {
        boolean[] is = {false};
        walk(b, anyFrom, anyEnd, (field, from, end, number) -> {
            if (field == 1) {
                is[0] = new String(b, from, end - from, StandardCharsets.UTF_8).endsWith("/" + RETRY_INFO);
            }
        });
        return is[0];
    }

    private static void readRetryInfo(byte[] b, int anyFrom, int anyEnd, long[] delay) throws MalformedOtlpException {
        walk(b, anyFrom, anyEnd, (field, from, end, number) -> {
            if (field == 2) {
                walk(b, from, end, (inner, innerFrom, innerEnd, n) -> {
                    if (inner == 1) {
                        walk(b, innerFrom, innerEnd, (part, partFrom, partEnd, value) -> {
                            if (part == 1 || part == 2) {
                                delay[part - 1] = value;
                            }
                        });
                    }
                });
            }
        });
    }

    /** The message of a google.rpc.Status, fit to be shown; empty if there is none. */
    static String statusMessage(byte[] status) {
        String[] message = {""};
        boolean readable = fields(status, 0, status.length, (field, from, end, number) -> {
            if (field == 2) {
                message[0] = printable(status, from, end);
            }
        });
        return readable ? message[0] : "";
    }

    private static boolean fields(byte[] b, int from, int end, Field to) {
        try {
            walk(b, from, end, to);
            return true;
        } catch (MalformedOtlpException _) {
            return false;
        }
    }

    private static void walk(byte[] b, int from, int end, Field to) throws MalformedOtlpException {
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, 1);
            if ((tag & 7) == Wire.BYTES) {
                to.read(tag >>> 3, Wire.afterVarint(b, after, end), at, 0);
            } else if ((tag & 7) == Wire.VARINT) {
                to.read(tag >>> 3, after, after, Wire.varint(b, after, at));
            }
        }
    }

    private static String printable(byte[] b, int from, int end) {
        return printable(new String(b, from, Math.min(end - from, 4 * MAX_MESSAGE_CHARS), StandardCharsets.UTF_8));
    }

    /** What a backend says, cut short and without characters that would make several lines or move a cursor. */
    static String printable(String text) {
        String cut = text.length() <= MAX_MESSAGE_CHARS ? text : text.substring(0, MAX_MESSAGE_CHARS) + "...";
        StringBuilder shown = new StringBuilder(cut.length());
        cut.codePoints()
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.FORMAT ? ' ' : c)
                .forEach(shown::appendCodePoint);
        return shown.toString().strip();
    }

    static Delivery unavailable(Duration after, String message) {
        return Delivery.retryLater(after, Reason.BACKEND_UNAVAILABLE, message);
    }

    static Delivery rejected(String message) {
        return Delivery.rejected(Reason.BACKEND_REJECTED, message);
    }
}
