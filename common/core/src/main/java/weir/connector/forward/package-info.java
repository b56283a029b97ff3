/** {@code forward}: leads from the end of a pipeline to the beginning of others of the same signal. */
@NullMarked
package weir.connector.forward;

import org.jspecify.annotations.NullMarked;
