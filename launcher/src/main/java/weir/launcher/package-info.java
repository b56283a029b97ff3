/** The command line behind {@code ./weir}: runs the services locally, checks files. */
@NullMarked
package weir.launcher;

import org.jspecify.annotations.NullMarked;
