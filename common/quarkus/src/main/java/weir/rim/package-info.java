/** What the services share of Quarkus: the pipeline's lifecycle, health, and Weir's metrics as Micrometer meters. */
@NullMarked
package weir.rim;

import org.jspecify.annotations.NullMarked;
