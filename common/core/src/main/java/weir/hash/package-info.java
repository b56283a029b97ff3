/** Who owns what: rendezvous hashing over stable names. */
@NullMarked
package weir.hash;

import org.jspecify.annotations.NullMarked;
