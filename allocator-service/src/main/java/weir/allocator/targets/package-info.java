/**
 * What the allocator is about: {@link weir.allocator.targets.ScrapeJob jobs}, their {@link weir.allocator.targets.Target targets},
 * and an {@link weir.allocator.targets.Allocation} of targets to collectors. Immutable values; every other package of the
 * allocator depends on this one and none on each other.
 */
@NullMarked
package weir.allocator.targets;

import org.jspecify.annotations.NullMarked;
