/**
 * Compressions of requests and responses: {@link weir.transport.compress.Encoding} for HTTP,
 * {@link weir.transport.compress.GrpcCodecs} for gRPC. What is decompressed has a limit everywhere, whatever it declares.
 */
@NullMarked
package weir.transport.compress;

import org.jspecify.annotations.NullMarked;
