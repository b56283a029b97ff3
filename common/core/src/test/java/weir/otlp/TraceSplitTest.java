package weir.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TraceSplitTest {
    private final TraceIndex index = new TraceIndex();
    private final TraceSplit split = new TraceSplit();
    private final TraceWriter writer = new TraceWriter(16);

    @Test
    void index_randomRequests_saysWhatTheParsedMessageSays() throws Exception {
        for (int seed = 0; seed < 200; seed++) {
            ExportTraceServiceRequest request = request(seed);
            index.index(request.toByteArray(), 0, request.getSerializedSize());
            int span = 0;
            int scope = 0;
            int resource = 0;
            for (ResourceSpans resourceSpans : request.getResourceSpansList()) {
                assertThat(index.firstScope(resource)).isEqualTo(scope);
                for (ScopeSpans scopeSpans : resourceSpans.getScopeSpansList()) {
                    assertThat(index.resourceOf(scope)).isEqualTo(resource);
                    assertThat(index.firstSpan(scope)).isEqualTo(span);
                    for (Span expected : scopeSpans.getSpansList()) {
                        assertThat(index.scopeOf(span)).isEqualTo(scope);
                        assertSpan(span++, expected, "seed " + seed);
                    }
                    scope++;
                }
                resource++;
            }
            assertThat(index.spans()).isEqualTo(span);
            assertThat(index.scopes()).isEqualTo(scope);
            assertThat(index.resources()).isEqualTo(resource);
        }
    }

    private void assertSpan(int span, Span expected, String what) throws Exception {
        byte[] fields = Arrays.copyOfRange(index.bytes(), index.spanFrom(span), index.spanEnd(span));
        assertThat(Span.parseFrom(fields)).as(what).isEqualTo(expected);
        byte[] id = expected.getTraceId().toByteArray();
        assertThat(index.traceIdHigh(span)).isEqualTo(id.length == 0 ? 0 : Wire.bigEndian64(id, 0));
        assertThat(index.traceIdLow(span)).isEqualTo(id.length == 0 ? 0 : Wire.bigEndian64(id, 8));
        assertThat(index.startNanos(span)).isEqualTo(expected.getStartTimeUnixNano());
        assertThat(index.endNanos(span)).isEqualTo(expected.getEndTimeUnixNano());
        assertThat((index.flags(span) & TraceIndex.ROOT) != 0)
                .isEqualTo(expected.getParentSpanId().isEmpty());
        assertThat(index.flags(span) & TraceIndex.STATUS_MASK)
                .isEqualTo(Math.min(3, expected.getStatus().getCodeValue()));
    }

    @Test
    void split_randomRequests_equalsSplittingTheMessages() throws Exception {
        for (int seed = 0; seed < 400; seed++) {
            RandomOtlp random = new RandomOtlp(seed);
            ExportTraceServiceRequest request = ExportTraceServiceRequest.parseFrom(
                    random.message(Signal.TRACES, true).toByteArray());
            byte[] bytes = new byte[request.getSerializedSize() + 5];
            System.arraycopy(request.toByteArray(), 0, bytes, 5, bytes.length - 5);
            index.index(bytes, 5, bytes.length - 5);
            int destinations = 1 + random.random.nextInt(5);
            int[] destination =
                    random.random.ints(index.spans(), -1, destinations).toArray();

            split.split(index, destination, destinations);

            for (int to = 0; to < destinations; to++) {
                ExportTraceServiceRequest expected = only(request, destination, to);
                boolean whole = split.spans(to) > 0 && split.spans(to) == index.spans();
                Batch batch = split.batch(to);
                assertThat(parsed(batch)).as("seed " + seed).isEqualTo(whole ? request : expected);
                assertThat(batch.items()).isEqualTo(split.spans(to));
                assertThat(batch.length()).isEqualTo(split.size(to));
                assertThat(gathered(destination, to)).as("seed " + seed).isEqualTo(expected);
            }
        }
    }

    @Test
    void split_allToOne_passesTheRequestOnAsItIs() throws Exception {
        byte[] bytes = OtlpSamples.traces(1, 3, 4);
        index.index(bytes, 0, bytes.length);
        int[] destination = new int[12];
        Arrays.fill(destination, 1);

        split.split(index, destination, 2);

        assertThat(split.batch(1).bytes()).isSameAs(bytes);
        assertThat(split.batch(1).items()).isEqualTo(12);
        assertThat(split.batch(0).length()).isZero();
        assertThat(split.size(0)).isZero();
    }

    @Test
    void split_lengthsLongerThanTheyNeedToBe_keepsEverySpan() throws Exception {
        ExportTraceServiceRequest request = OtlpSamples.traceRequest("checkout", 7, 2, 2);
        Output out = new Output(16);
        int resource = out.begin(1);
        int scope = out.begin(2);
        for (Span span : request.getResourceSpans(0).getScopeSpans(0).getSpansList()) {
            byte[] fields = span.toByteArray();
            byte[] head = {(byte) 0x92, (byte) 0x80, 0, 0, 0, 0, 0};
            Wire.putPaddedVarint(head, 3, fields.length, 4);
            out.put(head).put(fields).varint(15, 3);
        }
        byte[] bytes = out.end(scope).end(resource).toByteArray();
        index.index(bytes, 0, bytes.length);

        split.split(index, new int[] {0, 1, 1, 0}, 2);

        ExportTraceServiceRequest first = parsed(split.batch(0));
        assertThat(first.getResourceSpans(0).getScopeSpans(0).getSpansList())
                .containsExactly(
                        request.getResourceSpans(0).getScopeSpans(0).getSpans(0),
                        request.getResourceSpans(0).getScopeSpans(0).getSpans(3));
        assertThat(first.getResourceSpans(0)
                        .getScopeSpans(0)
                        .getUnknownFields()
                        .getField(15)
                        .getVarintList())
                .hasSize(4);
    }

    @Test
    void write_spansOfOneScope_putsTheScopeOnce() throws Exception {
        byte[] bytes = OtlpSamples.traces(1, 1, 3);
        index.index(bytes, 0, bytes.length);
        byte[] more = new Output(16)
                .field(9, OtlpSamples.text("kept.by", "errors").toByteArray())
                .toByteArray();

        writer.beginResource(index, 0);
        writer.beginScope(index, 0);
        for (int span = 0; span < 3; span++) {
            writer.span(bytes, index.spanFrom(span), index.spanEnd(span), more, 0, more.length);
        }
        Batch batch = writer.batch();

        ScopeSpans scope = parsed(batch).getResourceSpans(0).getScopeSpans(0);
        assertThat(batch.items()).isEqualTo(3);
        assertThat(scope.getSpansList()).hasSize(3);
        assertThat(scope.getSpans(2).getAttributes(scope.getSpans(2).getAttributesCount() - 1))
                .isEqualTo(OtlpSamples.text("kept.by", "errors"));
        assertThat(writer.size()).isZero();
    }

    @Test
    void write_spanWithoutAScope_isRefused() {
        assertThatThrownBy(() -> writer.span(new byte[0], 0, 0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> writer.beginScope(new byte[0], 0, 0)).isInstanceOf(IllegalStateException.class);
    }

    /** The same spans by way of the writer. */
    private ExportTraceServiceRequest gathered(int[] destination, int to) throws Exception {
        int scope = -1;
        int resource = -1;
        for (int span = 0; span < index.spans(); span++) {
            if (destination[span] != to) {
                continue;
            }
            if (index.resourceOf(index.scopeOf(span)) != resource) {
                resource = index.resourceOf(index.scopeOf(span));
                writer.beginResource(index, resource);
            }
            if (index.scopeOf(span) != scope) {
                scope = index.scopeOf(span);
                byte[] header = new byte[index.scopeHeaderSize(scope)];
                index.copyScopeHeader(scope, header, 0);
                writer.beginScope(header, 0, header.length);
            }
            writer.span(index.bytes(), index.spanFrom(span), index.spanEnd(span));
        }
        return parsed(writer.batch());
    }

    private static ExportTraceServiceRequest only(ExportTraceServiceRequest request, int[] destination, int to) {
        ExportTraceServiceRequest.Builder out = ExportTraceServiceRequest.newBuilder();
        int i = 0;
        for (ResourceSpans resource : request.getResourceSpansList()) {
            ResourceSpans.Builder newResource = resource.toBuilder().clearScopeSpans();
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                List<Span> spans = new ArrayList<>();
                for (Span span : scope.getSpansList()) {
                    if (destination[i++] == to) {
                        spans.add(span);
                    }
                }
                if (!spans.isEmpty()) {
                    newResource.addScopeSpans(scope.toBuilder().clearSpans().addAllSpans(spans));
                }
            }
            if (newResource.getScopeSpansCount() > 0) {
                out.addResourceSpans(newResource);
            }
        }
        return out.build();
    }

    private static ExportTraceServiceRequest parsed(Batch batch) throws Exception {
        return ExportTraceServiceRequest.parser().parseFrom(batch.bytes(), batch.offset(), batch.length());
    }

    private ExportTraceServiceRequest request(int seed) throws Exception {
        return ExportTraceServiceRequest.parseFrom(new RandomOtlp(seed).bytes(Signal.TRACES));
    }
}
