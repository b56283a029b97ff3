/**
 * Runs cases of a user's own against a pipeline file: spans, log records and metrics enter pipelines that have no network, and
 * what becomes of each is compared with what the case expects.
 *
 * <p>Start at {@link weir.launcher.cases.Cases}. {@link weir.launcher.cases.CasesFile} is the format, {@link
 * weir.launcher.cases.Trial} runs one case in an engine of its own, {@link weir.launcher.cases.Judge} compares.
 */
@NullMarked
package weir.launcher.cases;

import org.jspecify.annotations.NullMarked;
