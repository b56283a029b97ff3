package weir.ottl;

/** One index behind a part of a path: {@code ["x"]}, {@code [0]} or {@code [Concat(...)]}. */
public sealed interface PathKey<T> {
    /** @param utf8 the same text as bytes, not to be changed */
    @SuppressWarnings("ArrayRecordComponent")
    record Text<T>(String text, byte[] utf8) implements PathKey<T> {}

    record Index<T>(long index) implements PathKey<T> {}

    /** One that is known only when the item is. */
    record Computed<T>(Getter<T> getter) implements PathKey<T> {}
}
