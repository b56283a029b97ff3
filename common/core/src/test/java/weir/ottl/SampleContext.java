package weir.ottl;

import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import weir.config.Names;
import weir.ottl.syntax.Parser;
import weir.ottl.syntax.SyntaxException;

/** Paths of {@link SampleItem}, by the names of a log record's. */
record SampleContext(String name, Set<String> pathContexts) implements Context<SampleItem> {
    static final Environment ENVIRONMENT = new Environment(
            InstantSource.fixed(Instant.parse("2026-03-04T05:06:07.089Z")), () -> 0L, () -> 0x1234_5678_9abc_def0L);
    static final SampleContext LOG = new SampleContext("log", Set.of("log", "resource"));

    private static final List<String> PATHS = List.of(
            "attributes", "body", "cache", "severity_number", "time", "trace_id", "trace_id.string", "event_name");
    private static final byte[] TRACE_ID = HexFormat.of().parseHex("4bf92f3577b34da6a3ce929d0e0e4736");

    /** What an expression gives for an item. */
    static Value evaluate(String expression, SampleItem item) {
        try {
            Value value = new Value();
            new Compiler<>(LOG, ENVIRONMENT).value(Parser.value(expression)).get(item, value);
            return value;
        } catch (SyntaxException e) {
            throw new IllegalArgumentException(expression + ": " + e.message(), e);
        }
    }

    @Override
    public List<String> paths(String pathContext) {
        return pathContext.equals("resource") ? List.of("attributes") : PATHS;
    }

    @Override
    public Access<SampleItem> resolve(Path<SampleItem> path) throws PathException {
        if (path.context().equals("resource")) {
            return map(i -> i.resource, path.keys());
        }
        return switch (path.names()) {
            case "attributes" -> map(i -> i.attributes, path.keys());
            case "cache" -> map(i -> i.cache, path.keys());
            case "body" -> new Body();
            case "time" -> readOnly((item, into) -> into.setTime(item.timeNanos, ZoneOffset.UTC));
            case "severity_number" -> readOnly((_, into) -> into.set(9L));
            case "event_name" -> readOnly((_, into) -> into.setNil());
            case "trace_id" -> readOnly((_, into) -> into.set(Value.Kind.BYTES, TRACE_ID, 0, 16));
            case "trace_id.string" -> readOnly((_, into) -> into.set("4bf92f3577b34da6a3ce929d0e0e4736"));
            default ->
                throw new PathException(
                        "the context " + path.context() + " has no path `" + path.names() + "`",
                        Names.hint(path.names(), paths(path.context())));
        };
    }

    private static Access<SampleItem> map(Function<SampleItem, EncodedMap> of, List<PathKey<SampleItem>> keys) {
        return keys.isEmpty()
                ? new Whole(of)
                : new Entry(of, keys.getFirst(), new Indexing<>(keys.subList(1, keys.size())));
    }

    private static Access<SampleItem> readOnly(Getter<SampleItem> getter) {
        return new Access<>() {
            @Override
            public void get(SampleItem item, Value into) {
                getter.get(item, into);
            }

            @Override
            public void set(SampleItem item, Value value) {
                throw new OttlException("read only");
            }

            @Override
            public String readOnly() {
                return "it only ever is what it is";
            }
        };
    }

    private record Body() implements Access<SampleItem> {
        @Override
        public void get(SampleItem item, Value into) {
            into.set(item.body);
        }

        @Override
        public void set(SampleItem item, Value value) {
            item.body.set(value);
        }
    }

    private record Whole(Function<SampleItem, EncodedMap> of) implements MapAccess<SampleItem> {
        @Override
        public AttributeMap map(SampleItem item) {
            return of.apply(item);
        }

        @Override
        public void get(SampleItem item, Value into) {
            of.apply(item).writeTo(into);
        }

        @Override
        public void set(SampleItem item, Value value) {
            of.apply(item).load(value);
        }
    }

    private record Entry(Function<SampleItem, EncodedMap> of, PathKey<SampleItem> key, Indexing<SampleItem> inner)
            implements Access<SampleItem> {
        private Value name(SampleItem item) {
            Value name = new Value();
            switch (key) {
                case PathKey.Text<SampleItem> text -> name.set(Value.Kind.STRING, text.utf8(), 0, text.utf8().length);
                case PathKey.Index<SampleItem> _ -> throw new OttlException("a map is indexed by texts");
                case PathKey.Computed<SampleItem> computed -> computed.getter().get(item, name);
            }
            return name;
        }

        @Override
        public void get(SampleItem item, Value into) {
            Value name = name(item);
            EncodedMap map = of.apply(item);
            int entry = map.find(name.bytes(), name.from(), name.end());
            into.setNil();
            if (entry >= 0) {
                map.value(entry, into);
                inner.get(item, into, into);
            }
        }

        @Override
        public void set(SampleItem item, Value value) {
            Value name = name(item);
            EncodedMap map = of.apply(item);
            Value old = new Value();
            int entry = map.find(name.bytes(), name.from(), name.end());
            if (entry >= 0) {
                map.value(entry, old);
            }
            Value changed = new Value();
            inner.set(item, old, value, changed);
            map.put(name.bytes(), name.from(), name.end(), changed);
        }
    }

    @Override
    public Map<String, Long> enums() {
        return name.equals("log") ? Map.of("SEVERITY_NUMBER_INFO", 9L, "SEVERITY_NUMBER_WARN", 13L) : Map.of();
    }

    @Override
    public List<weir.ottl.function.Function<SampleItem>> functions() {
        return List.of();
    }
}
