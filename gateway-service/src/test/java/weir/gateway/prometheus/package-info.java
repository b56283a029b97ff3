/** Tests of the {@code prometheus} exporter. */
@NullMarked
package weir.gateway.prometheus;

import org.jspecify.annotations.NullMarked;
