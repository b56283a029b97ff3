/**
 * Who owns what: rendezvous hashing over stable names ({@link weir.hash.Membership}), and the one way to mix a key
 * ({@link weir.hash.Mix}) so that no two choices read the same bits; beside collectors, their rings
 * ({@link weir.hash.Ring}). Besides, the hashes that statements give of texts: {@link weir.hash.Murmur3}, {@link weir.hash.Xxh3}.
 */
@NullMarked
package weir.hash;

import org.jspecify.annotations.NullMarked;
