package weir.hash;

/**
 * 128 bits of a hash.
 *
 * @param first the half that is written first
 */
public record Hash128(long first, long second) {}
