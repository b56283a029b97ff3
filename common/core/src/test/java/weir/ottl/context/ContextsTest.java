package weir.ottl.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static weir.ottl.context.OneItem.LOG;
import static weir.ottl.context.OneItem.SPAN;
import static weir.ottl.context.OneItem.SUM;
import static weir.ottl.context.OneItem.SUMMARY;
import static weir.ottl.context.OneItem.access;
import static weir.ottl.context.OneItem.attribute;
import static weir.ottl.context.OneItem.batch;
import static weir.ottl.context.OneItem.read;
import static weir.ottl.context.OneItem.text;
import static weir.ottl.context.OneItem.walk;
import static weir.ottl.context.OneItem.write;
import static weir.ottl.context.PathRow.bytes;
import static weir.ottl.context.PathRow.integer;
import static weir.ottl.context.PathRow.list;
import static weir.ottl.context.PathRow.map;
import static weir.ottl.context.PathRow.string;

import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import java.util.List;
import org.junit.jupiter.api.Test;
import weir.otlp.Batch;
import weir.ottl.MapAccess;
import weir.ottl.OttlException;
import weir.ottl.PathException;
import weir.testing.Requests;

class ContextsTest {
    @Test
    void resourceAndScope_everyPath_isReadAndWritten() throws Exception {
        Batch batch = batch(SPAN);
        for (ItemContext context : List.of(Contexts.SPAN, Contexts.SPAN_EVENT)) {
            Batch after = walk(context, batch, item -> {
                assertThat(read(context, "resource/attributes[service.name]", item))
                        .isEqualTo(text("shop"));
                assertThat(read(context, "resource/dropped_attributes_count", item))
                        .isEqualTo("int 0");
                assertThat(read(context, "resource/schema_url", item)).isEqualTo(text("r"));
                assertThat(read(context, "scope/name", item)).isEqualTo(text("lib"));
                assertThat(read(context, "instrumentation_scope/version", item)).isEqualTo(text(""));
                assertThat(read(context, "scope/schema_url", item)).isEqualTo(text(""));
                write(context, "resource/attributes[service.name]", item, string("other"));
                write(context, "resource/schema_url", item, string("changed"));
                write(context, "scope/version", item, string("2"));
                write(context, "instrumentation_scope/attributes[x]", item, integer(1));
                write(context, "scope/dropped_attributes_count", item, integer(4));
                write(context, "scope/schema_url", item, string("new"));
                assertThat(read(context, "resource/attributes[service.name]", item))
                        .isEqualTo(text("other"));
                assertThat(read(context, "resource/schema_url", item)).isEqualTo(text("changed"));
            });
            var resource = ExportTraceServiceRequest.parseFrom(after.bytes()).getResourceSpans(0);
            assertThat(resource.getSchemaUrl()).isEqualTo("changed");
            assertThat(resource.getResource().getAttributesList())
                    .containsExactly(Requests.text("service.name", "other"));
            assertThat(resource.getScopeSpans(0).getSchemaUrl()).isEqualTo("new");
            assertThat(resource.getScopeSpans(0).getScope())
                    .isEqualTo(InstrumentationScope.newBuilder()
                            .setName("lib")
                            .setVersion("2")
                            .addAttributes(attribute("x", 1))
                            .setDroppedAttributesCount(4)
                            .build());
            assertThat(resource.getScopeSpans(0).getSpans(0)).isEqualTo(SPAN);
        }
    }

    @Test
    void elements_eventsLinksAndPoints_areCounted() throws Exception {
        walk(Contexts.SPAN, batch(SPAN), item -> {
            assertThat(read(Contexts.SPAN, "events", item)).isEqualTo("[nil]");
            assertThat(read(Contexts.SPAN, "links", item)).isEqualTo("[nil, nil]");
        });
        walk(Contexts.METRIC, batch(SUM), item -> {
            assertThat(read(Contexts.METRIC, "data_points", item)).isEqualTo("[nil]");
            assertThat(read(Contexts.METRIC, "type", item)).isEqualTo("int 2");
        });
        walk(Contexts.DATA_POINT, batch(SUMMARY), item -> {
            assertThat(read(Contexts.DATA_POINT, "quantile_values", item)).isEqualTo("[nil]");
            assertThat(read(Contexts.DATA_POINT, "exemplars", item)).isEqualTo("nil");
            assertThat(read(Contexts.DATA_POINT, "value_int", item)).isEqualTo("nil");
            assertThat(read(Contexts.DATA_POINT, "bucket_counts", item)).isEqualTo("nil");
        });
    }

    @Test
    void cache_isAMapOfItsOwn() throws Exception {
        walk(Contexts.LOG, batch(LOG), item -> {
            assertThat(read(Contexts.LOG, "cache", item)).isEqualTo("map of 0 bytes");
            write(Contexts.LOG, "cache", item, map());
            var cache = ((MapAccess<Item>) access(Contexts.LOG, "cache")).map(item);
            assertThat(cache.size()).isEqualTo(1);
            item.forget();
            assertThat(cache.size()).isZero();
        });
    }

    @Test
    void set_valueOfAnotherKind_isRefusedAndChangesNothing() throws Exception {
        Batch batch = batch(SPAN);
        Batch after = walk(Contexts.SPAN, batch, item -> {
            for (String path :
                    List.of("name", "trace_id", "trace_id.string", "kind.string", "start_time", "attributes")) {
                assertThatThrownBy(() -> write(Contexts.SPAN, path, item, integer(1)))
                        .as(path)
                        .isInstanceOf(OttlException.class);
            }
            for (String path : List.of("trace_id.string", "span_id.string", "kind.string", "kind")) {
                assertThatThrownBy(() -> write(Contexts.SPAN, path, item, string("zz")))
                        .as(path)
                        .isInstanceOf(OttlException.class);
            }
            assertThatThrownBy(() -> write(Contexts.SPAN, "trace_id", item, bytes("00")))
                    .isInstanceOf(OttlException.class);
            assertThatThrownBy(() -> write(Contexts.SPAN, "flags", item, integer(-1)))
                    .isInstanceOf(OttlException.class);
            assertThatThrownBy(() -> write(Contexts.SPAN, "links", item, list(1L)))
                    .isInstanceOf(OttlException.class);
        });
        assertThat(after).isSameAs(batch);
    }

    @Test
    void resolve_unknownPath_namesThoseThatThereAre() {
        assertThatThrownBy(() -> access(Contexts.SPAN, "nome"))
                .isInstanceOf(PathException.class)
                .hasMessageContaining("span has no path 'nome'");
        assertThatThrownBy(() -> access(Contexts.SPAN, "name[x]")).hasMessageContaining("cannot be indexed");
        assertThatThrownBy(() -> access(Contexts.SPAN, "log/body")).hasMessageContaining("no 'log'");
    }
}
