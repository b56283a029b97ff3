/**
 * The allocator's answers over HTTP, as functions of requests without a server: {@link weir.allocator.api.AllocatorApi} speaks as
 * the OpenTelemetry Target Allocator does, so that collectors which know that one need not know this one.
 */
@NullMarked
package weir.allocator.api;

import org.jspecify.annotations.NullMarked;
