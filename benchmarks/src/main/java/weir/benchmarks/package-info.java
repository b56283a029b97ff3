/**
 * How fast the data plane is, beside protobuf's own classes; run by hand with {@code java -jar}, never by the build. What is
 * reported is per span. Compare figures of one run only.
 */
@NullMarked
package weir.benchmarks;

import org.jspecify.annotations.NullMarked;
