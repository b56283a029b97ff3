/** OTLP listeners and clients on grpc-java and Netty, opened by pipeline components. No Quarkus here. */
@NullMarked
package weir.transport;

import org.jspecify.annotations.NullMarked;
