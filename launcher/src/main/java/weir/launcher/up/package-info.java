/**
 * {@code weir up}: the four services as processes of this machine, with sample traffic, until told to stop.
 *
 * <p>{@link weir.launcher.up.Up} is the command. {@link weir.launcher.up.Places} chooses the ports, {@link
 * weir.launcher.up.LocalFiles} writes the pipeline files for them, {@link weir.launcher.up.ServiceProcess} runs one service,
 * {@link weir.launcher.up.LiveLine} says what flows.
 */
@NullMarked
package weir.launcher.up;

import org.jspecify.annotations.NullMarked;
