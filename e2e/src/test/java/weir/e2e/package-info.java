/**
 * Tests over real processes. Those tagged {@code peers} need the programs that {@code e2e/peers/build} builds, and fail
 * where one is missing; the others need only Weir itself.
 */
@NullMarked
package weir.e2e;

import org.jspecify.annotations.NullMarked;
