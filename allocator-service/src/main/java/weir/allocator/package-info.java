/**
 * The allocator's wiring: its file, read again as it changes ({@link weir.allocator.AllocatorLifecycle}), and its HTTP API
 * ({@link weir.allocator.AllocatorRoutes}). It runs no pipelines.
 */
@NullMarked
package weir.allocator;

import org.jspecify.annotations.NullMarked;
