/**
 * What the console shows, as trees of maps and lists that become JSON: decisions, traces, accounts, policies. One gateway's
 * console speaks for all: it asks the others for theirs, so that a browser needs to reach one address only.
 */
@NullMarked
package weir.gateway.console;

import org.jspecify.annotations.NullMarked;
