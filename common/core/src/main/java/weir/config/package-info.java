/**
 * Pipeline files: read with their positions, bound to records, and explained when they are wrong.
 *
 * <p>A component's configuration is one record whose components carry {@link weir.config.Option}; that is the single source
 * of its names, defaults, checks and reference page. {@link weir.config.YamlReader} reads, {@link weir.config.Binder} binds,
 * {@link weir.config.Problems} gathers what was wrong.
 */
@NullMarked
package weir.config;

import org.jspecify.annotations.NullMarked;
