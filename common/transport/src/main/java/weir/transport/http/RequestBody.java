package weir.transport.http;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import weir.transport.net.ByteBudget;

/**
 * A body as it comes in. Its array grows with what arrived, not with what was announced, and every byte of it is
 * reserved; they are given back by {@link #release}. Belongs to one event loop, but for {@link #release}.
 */
final class RequestBody {
    /** Announced lengths up to this are believed: most bodies fit, and nothing is copied again. */
    private static final int BELIEVED_BYTES = 256 << 10;

    /** Once so much has come, or all; a client that announces much and sends a byte now and then gets no room for it. */
    private static final int PROOF_BYTES = 8 << 10;

    /** What became of a part. */
    enum Added {
        OK,
        TOO_LARGE,
        OVER_BUDGET
    }

    private final ByteBudget budget;
    private final int maxBytes;
    private final int announced;
    private byte[] bytes = {};
    private int length;
    private long reserved;

    /** @param announced the content length; -1 when not known */
    RequestBody(ByteBudget budget, int maxBytes, int announced) {
        this.budget = budget;
        this.maxBytes = maxBytes;
        this.announced = announced;
    }

    Added add(ByteBuf part) {
        int more = part.readableBytes();
        if (more > maxBytes - length) {
            return Added.TOO_LARGE;
        }
        int needed = length + more;
        if (needed > bytes.length) {
            int size = (int) Math.min(maxBytes, Math.max(needed, 2L * bytes.length));
            if (announced >= needed && needed >= Math.min(announced, PROOF_BYTES)) {
                size = announced <= BELIEVED_BYTES ? announced : Math.min(announced, Math.max(size, BELIEVED_BYTES));
            }
            if (!reserve(size - bytes.length)) {
                return Added.OVER_BUDGET;
            }
            bytes = Arrays.copyOf(bytes, size);
        }
        part.readBytes(bytes, length, more);
        length = needed;
        return Added.OK;
    }

    /** Takes more of the budget, for what is made of the body. */
    boolean reserve(long more) {
        if (!budget.reserve(more)) {
            return false;
        }
        reserved += more;
        return true;
    }

    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** What came, in an array of just its length. */
    byte[] exact() {
        return length == bytes.length ? bytes : Arrays.copyOf(bytes, length);
    }

    /** Gives back what was reserved; once, when nobody adds any more. */
    void release() {
        budget.release(reserved);
        reserved = 0;
    }
}
