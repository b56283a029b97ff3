package weir.otlp;

/**
 * The pass over a request of traces: checks all of it against the schema, unless that was done before, and tells the
 * {@link TraceIndex} where things lie.
 *
 * <pre>
 * request = (0x0a length ResourceSpans)*
 * ResourceSpans = (0x0a length Resource | 0x12 length ScopeSpans | 0x1a length schema URL)*
 * ScopeSpans = (0x0a length Scope | 0x12 length Span | 0x1a length schema URL)*
 * </pre>
 */
final class TraceWalk {
    private TraceWalk() {}

    /**
     * Adds what lies in an ExportTraceServiceRequest to an index that is empty.
     *
     * @param checks whether to look into what is not indexed
     */
    static void request(TraceIndex index, byte[] b, int from, int end, boolean checks) throws MalformedOtlpException {
        int at = from;
        while (at < end) {
            int tagAt = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if (tag == (1 << 3 | Wire.BYTES)) {
                int value = Wire.afterVarint(b, after, end);
                at = value + Wire.length(b, after, value, end);
                resourceSpans(index, b, tagAt, value, at, checks);
            } else {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH);
            }
        }
    }

    private static void resourceSpans(TraceIndex index, byte[] b, int start, int from, int end, boolean checks)
            throws MalformedOtlpException {
        int resource = index.addResource(start, from, end);
        int at = from;
        while (at < end) {
            int tagAt = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if ((tag & 7) != Wire.BYTES || tag >>> 3 > 3) {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 1);
                continue;
            }
            int value = Wire.afterVarint(b, after, end);
            at = value + Wire.length(b, after, value, end);
            switch (tag >>> 3) {
                case 1 -> {
                    if (checks) {
                        Shape.RESOURCE.check(b, value, at, 2);
                    }
                }
                case 2 -> scopeSpans(index, b, tagAt, value, at, resource, checks);
                default -> {
                    if (checks) {
                        Utf8.check(b, value, at);
                    }
                }
            }
        }
    }

    private static void scopeSpans(
            TraceIndex index, byte[] b, int start, int from, int end, int resource, boolean checks)
            throws MalformedOtlpException {
        int scope = index.addScope(start, from, end, resource);
        int at = from;
        while (at < end) {
            int tagAt = at;
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            if ((tag & 7) != Wire.BYTES || tag >>> 3 > 3) {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 2);
                continue;
            }
            int value = Wire.afterVarint(b, after, end);
            at = value + Wire.length(b, after, value, end);
            switch (tag >>> 3) {
                case 1 -> {
                    if (checks) {
                        Shape.SCOPE.check(b, value, at, 3);
                    }
                }
                case 2 -> span(index, b, tagAt, value, at, scope, checks);
                default -> {
                    if (checks) {
                        Utf8.check(b, value, at);
                    }
                }
            }
        }
    }

    private static void span(TraceIndex index, byte[] b, int start, int from, int end, int scope, boolean checks)
            throws MalformedOtlpException {
        long high = 0;
        long low = 0;
        long began = 0;
        long ended = 0;
        int status = 0;
        boolean root = true;
        int at = from;
        while (at < end) {
            int tag = b[at];
            int after = at + 1;
            if (tag < 8) {
                after = Wire.afterVarint(b, at, end);
                tag = Wire.tag(b, at, after);
            }
            if ((tag & 7) == Wire.BYTES && tag < (16 << 3)) {
                int value = after + 1;
                int size = after < end ? b[after] : -1;
                if (size < 0 || size > end - value) {
                    value = Wire.afterVarint(b, after, end);
                    size = Wire.length(b, after, value, end);
                }
                at = value + size;
                switch (tag >>> 3) {
                    case 1 -> {
                        Shape.checkId(size, 16, value);
                        high = size == 0 ? 0 : Wire.bigEndian64(b, value);
                        low = size == 0 ? 0 : Wire.bigEndian64(b, value + 8);
                    }
                    case 2 -> Shape.checkId(size, 8, value);
                    case 4 -> {
                        Shape.checkId(size, 8, value);
                        root = size == 0 || Wire.fixed64(b, value) == 0;
                    }
                    case 15 -> {
                        if (checks) {
                            Shape.STATUS.check(b, value, at, 4);
                        }
                        status = statusCode(b, value, at, status);
                    }
                    default -> {
                        if (checks) {
                            check(tag >>> 3, b, value, at);
                        }
                    }
                }
            } else if (tag == (7 << 3 | Wire.FIXED64)) {
                at = Wire.within(after, 8, end);
                began = Wire.fixed64(b, after);
            } else if (tag == (8 << 3 | Wire.FIXED64)) {
                at = Wire.within(after, 8, end);
                ended = Wire.fixed64(b, after);
            } else {
                at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 3);
            }
        }
        int i = index.addSpan(start, from, end, scope, status | (root ? TraceIndex.ROOT : 0));
        index.identify(i, high, low, began, ended);
    }

    /** Looks into a field that is not indexed. */
    private static void check(int field, byte[] b, int from, int end) throws MalformedOtlpException {
        switch (field) {
            case 9 -> Shape.keyValue(b, from, end, 4);
            case 3, 5 -> Utf8.check(b, from, end);
            case 11 -> Shape.EVENT.check(b, from, end, 4);
            case 13 -> Shape.LINK.check(b, from, end, 4);
            default -> {}
        }
    }

    /** The code of a status that was checked; of a status given in parts, the last code holds, as protobuf merges. */
    private static int statusCode(byte[] b, int from, int end, int before) throws MalformedOtlpException {
        int code = before;
        int at = from;
        while (at < end) {
            int after = Wire.afterVarint(b, at, end);
            int tag = Wire.tag(b, at, after);
            at = Wire.skip(b, after, end, tag, Shape.MAX_DEPTH - 4);
            if (tag == (3 << 3 | Wire.VARINT)) {
                long value = Wire.varint(b, after, at);
                code = value < 0 || value > TraceIndex.STATUS_ERROR ? TraceIndex.STATUS_MASK : (int) value;
            }
        }
        return code;
    }
}
