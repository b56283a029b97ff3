/** {@code nop}: a receiver that receives nothing, for files that need one. */
@NullMarked
package weir.receiver.nop;

import org.jspecify.annotations.NullMarked;
