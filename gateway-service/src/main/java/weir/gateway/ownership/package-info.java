/**
 * Which gateway a trace belongs to: the {@code ownership} processor passes on what this gateway owns, and sends the rest to
 * its owner, once. {@link weir.gateway.ownership.Cutter} finds the owners and cuts a request.
 */
@NullMarked
package weir.gateway.ownership;

import org.jspecify.annotations.NullMarked;
