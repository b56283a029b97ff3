/**
 * Prometheus's relabelling: {@link weir.relabel.RelabelConfig} is a rule as it is written,
 * {@link weir.relabel.Relabelling} a list of them ready to be applied to labels.
 */
@NullMarked
package weir.relabel;

import org.jspecify.annotations.NullMarked;
