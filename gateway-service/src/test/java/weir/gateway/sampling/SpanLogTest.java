package weir.gateway.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.otlp.MalformedOtlpException;
import weir.otlp.TraceIndex;

class SpanLogTest {
    private static final int SEGMENT_BITS = 14;
    private final SpanLog log = new SpanLog(SEGMENT_BITS);
    private final TraceIndex index = new TraceIndex();

    @Test
    void append_severalSegments_eachRecordHasItsHeaders() throws Exception {
        List<ExportTraceServiceRequest> requests = new ArrayList<>();
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                    .addResourceSpans(Spans.resource("a" + i)
                            .addScopeSpans(Spans.scope("x").addSpans(Spans.padded(Spans.span(1, i), 700)))
                            .addScopeSpans(Spans.scope("y").addSpans(Spans.span(2, i))))
                    .build();
            requests.add(request);
            positions.addAll(append(request));
        }
        assertThat(log.segmentsInUse()).isGreaterThan(2);

        for (int i = 0; i < 50; i++) {
            RequestWriter writer = new RequestWriter(1 << 16);
            prepend(writer, positions.get(2 * i + 1));
            prepend(writer, positions.get(2 * i));
            assertThat(Spans.parse(writer.finish())).isEqualTo(requests.get(i));
        }
    }

    @Test
    void append_largerThanASegment_isHeldAndItsSegmentNotUsedAgain() throws Exception {
        ExportTraceServiceRequest request = ExportTraceServiceRequest.newBuilder()
                .addResourceSpans(Spans.resource("r".repeat(40_000))
                        .addScopeSpans(Spans.scope("s".repeat(20_000))
                                .addSpans(Spans.span(1, 1))
                                .addSpans(Spans.padded(Spans.span(1, 2), 50_000))
                                .addSpans(Spans.span(1, 3)))
                        .addScopeSpans(Spans.scope("t").addSpans(Spans.span(1, 4))))
                .build();

        List<Integer> positions = append(request);

        RequestWriter writer = new RequestWriter(1 << 10);
        for (int i = positions.size() - 1; i >= 0; i--) {
            prepend(writer, positions.get(i));
        }
        assertThat(Spans.parse(writer.finish())).isEqualTo(request);
        assertThat(log.bytes()).isGreaterThan(60_000);
        log.recycle();
        assertThat(log.bytes()).isZero();
        append(request(Spans.span(1, 1)));
        assertThat(log.bytes()).isLessThan(1 << SEGMENT_BITS);
    }

    @Test
    void move_records_keepsSpansAndHeaders() throws Exception {
        ExportTraceServiceRequest request = request(Spans.span(1, 1), Spans.error(1, 2));
        List<Integer> positions = append(request);
        log.pin(log.segment(positions.getFirst()));
        fill(5);

        log.beginMoves(TraceJournal.NO_RECORD);
        int first = log.move(positions.getFirst(), SpanLog.NOWHERE);
        int second = log.move(positions.getLast(), first);

        assertThat(log.segment(first)).isNotEqualTo(log.segment(positions.getFirst()));
        assertThat(SpanLog.previous(log.bytesOf(second), log.offset(second))).isEqualTo(first);
        log.unpin(log.segment(positions.getFirst()));
        log.pin(log.segment(first));
        log.recycle();
        fill(5);
        RequestWriter writer = new RequestWriter(1 << 12);
        prepend(writer, second);
        prepend(writer, first);
        assertThat(Spans.parse(writer.finish())).isEqualTo(request);
    }

    @Test
    void recycle_steadyStream_usesTheSameSegmentsAgain() throws Exception {
        List<Integer> pinned = new ArrayList<>();
        int most = 0;
        for (int i = 0; i < 2000; i++) {
            int position = append(request(Spans.padded(Spans.span(1, i), 1000))).getFirst();
            log.pin(log.segment(position));
            pinned.add(log.segment(position));
            if (i >= 100) {
                log.unpin(pinned.get(i - 100));
            }
            log.recycle();
            most = Math.max(most, log.segmentsInUse() + log.segmentsSpare());
        }
        assertThat(most).isBetween(7, 12);
    }

    @Test
    void shrink_sparesOfLong_aQuarterAtATime() throws Exception {
        fill(64);
        log.recycle();
        assertThat(log.segmentsSpare()).isGreaterThanOrEqualTo(64);
        log.shrink();
        log.shrink();

        fill(64);
        assertThat(log.segmentsSpare()).isZero();
        log.recycle();
        assertThat(log.bytes()).isZero();
        assertThat(log.payloadBytes()).isZero();
    }

    private void fill(int segments) throws MalformedOtlpException {
        for (int before = log.segmentsInUse(); log.segmentsInUse() < before + segments; ) {
            append(request(Spans.padded(Spans.span(9, 9), 5000)));
        }
    }

    private static ExportTraceServiceRequest request(Span.Builder... spans) {
        return Spans.parse(Spans.batch(spans));
    }

    private List<Integer> append(ExportTraceServiceRequest request) throws MalformedOtlpException {
        Batch batch = Spans.batch(request);
        index.index(batch.bytes(), batch.offset(), batch.length());
        log.begin(index, TraceJournal.NO_RECORD);
        List<Integer> positions = new ArrayList<>();
        for (int i = 0; i < index.spans(); i++) {
            positions.add(log.append(index, i, SpanLog.NOWHERE));
        }
        return positions;
    }

    private void prepend(RequestWriter writer, int position) {
        writer.prepend(log.bytesOf(position), log.offset(position), new byte[0]);
    }
}
