/**
 * The OTLP exporters: {@link weir.transport.exporter.OtlpGrpcExporterFactory} and
 * {@link weir.transport.exporter.OtlpHttpExporterFactory}, each a sender behind a sending queue.
 */
@NullMarked
package weir.transport.exporter;

import org.jspecify.annotations.NullMarked;
