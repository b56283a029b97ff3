package weir.ottl.context;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import weir.otlp.AnyValueText;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.otlp.ValueType;
import weir.otlp.ValueView;
import weir.otlp.Wire;
import weir.otlp.edit.MessageEdit;
import weir.ottl.function.ArgumentException;
import weir.ottl.function.Arguments;
import weir.ottl.function.Function;
import weir.ottl.function.Parameter;

/**
 * Names a span after what its attributes say that it does, as the semantic conventions of HTTP, RPC, databases and messaging
 * want it, of attributes' present names or the former ones. What no convention names keeps its name. Belongs to one thread.
 */
final class SemconvSpanName {
    private static final Pattern VERSION =
            Pattern.compile("v?(\\d{1,9})(?:\\.(\\d{1,9}))?(?:\\.(\\d{1,9}))?(-[-.\\w]+)?(\\+[-.\\w]+)?");
    private static final int KIND_TAG = 6 << 3 | Wire.VARINT;
    private static final int NAME_TAG = Fields.SPAN_NAME << 3 | Wire.BYTES;
    private static final int SERVER = 2;
    private static final int CLIENT = 3;
    private static final int PRODUCER = 4;
    private static final int CONSUMER = 5;

    /** An attribute, and the name that it had before. */
    private record Key(byte[] name, long word, byte[] former, long formerWord) {
        static Key of(String name) {
            return of(name, "");
        }

        static Key of(String name, String former) {
            byte[] now = name.getBytes(StandardCharsets.UTF_8);
            byte[] then = former.getBytes(StandardCharsets.UTF_8);
            return new Key(now, MessageEdit.word(now, 0, now.length), then, MessageEdit.word(then, 0, then.length));
        }
    }

    private static final Key HTTP_METHOD = Key.of("http.request.method", "http.method");
    private static final Key HTTP_ROUTE = Key.of("http.route");
    private static final Key URL_TEMPLATE = Key.of("url.template");
    private static final Key RPC_SYSTEM = Key.of("rpc.system.name", "rpc.system");
    private static final Key RPC_METHOD = Key.of("rpc.method", "rpc.grpc.method");
    private static final Key RPC_SERVICE = Key.of("rpc.service", "rpc.grpc.service");
    private static final Key DB_SYSTEM = Key.of("db.system.name", "db.system");
    private static final Key DB_SUMMARY = Key.of("db.query.summary");
    private static final Key DB_OPERATION = Key.of("db.operation.name", "db.operation");
    private static final Key DB_NAMESPACE = Key.of("db.namespace", "db.name");
    private static final Key DB_COLLECTION = Key.of("db.collection.name");
    private static final Key DB_PROCEDURE = Key.of("db.stored_procedure.name");
    private static final Key MESSAGING_SYSTEM = Key.of("messaging.system");
    private static final Key MESSAGING_OPERATION = Key.of("messaging.operation.name", "messaging.operation");
    private static final Key TEMPORARY = Key.of("messaging.destination.temporary");
    private static final Key ANONYMOUS = Key.of("messaging.destination.anonymous");
    private static final Key DESTINATION_TEMPLATE = Key.of("messaging.destination.template");
    private static final Key DESTINATION = Key.of("messaging.destination.name", "messaging.destination");
    private static final Key SERVER_ADDRESS = Key.of("server.address");
    private static final Key SERVER_PORT = Key.of("server.port");

    private final ValueView value = new ValueView();
    private final Output name = new Output(64);
    private final Output former = new Output(64);
    private MessageEdit span = new MessageEdit();

    private SemconvSpanName() {}

    /** {@code set_semconv_span_name}. */
    static Function<Item> function() {
        return new Function.Editor<>(
                "set_semconv_span_name",
                List.of(
                        Parameter.of("semconv_version", Parameter.Kind.TEXT),
                        Parameter.optional("original_span_name_attribute", Parameter.Kind.TEXT)),
                SemconvSpanName::create);
    }

    private static Function.Edit<Item> create(Arguments<Item> arguments) throws ArgumentException {
        if (!isKnown(arguments.text("semconv_version", ""))) {
            throw new ArgumentException(
                    "semconv_version", "is a version of the semantic conventions from 1.37.0 to 1.40.0");
        }
        byte[] original = arguments.text("original_span_name_attribute", "").getBytes(StandardCharsets.UTF_8);
        if (original.length == 0 && arguments.has("original_span_name_attribute")) {
            throw new ArgumentException("original_span_name_attribute", "must not be empty");
        }
        SemconvSpanName names = new SemconvSpanName();
        return item -> names.apply(item.message(), original);
    }

    private static boolean isKnown(String version) {
        Matcher parts = VERSION.matcher(version);
        if (!parts.matches() || number(parts.group(1)) != 1) {
            return false;
        }
        int minor = number(parts.group(2));
        int patch = number(parts.group(3));
        boolean before = parts.group(4) != null;
        if (minor == 37 && patch == 0) {
            return !before;
        }
        return minor >= 37 && (minor < 40 || (minor == 40 && patch == 0));
    }

    private static int number(@Nullable String digits) {
        return digits == null ? 0 : Integer.parseInt(digits);
    }

    private void apply(MessageEdit of, byte[] originalKey) {
        span = of;
        name.clear();
        if (!derive((int) span.number(KIND_TAG))) {
            return;
        }
        int entry = span.find(NAME_TAG);
        former.clear();
        if (entry != MessageEdit.ABSENT) {
            former.put(span.bytes(entry), span.from(entry), span.end(entry));
        }
        if (Arrays.equals(former.bytes(), 0, former.size(), name.bytes(), 0, name.size())) {
            return;
        }
        span.setBytes(Fields.SPAN_NAME, name.bytes(), 0, name.size());
        if (originalKey.length > 0) {
            name.clear().field(1, former.bytes(), 0, former.size());
            int n = span.attribute(originalKey, 0, originalKey.length);
            if (n == MessageEdit.ABSENT) {
                span.addAttribute(originalKey, 0, originalKey.length, name.bytes(), 0, name.size());
            } else {
                span.setValue(n, name.bytes(), 0, name.size());
            }
        }
    }

    /** Writes the name; false if nothing came of it. */
    private boolean derive(int kind) {
        return switch (kind) {
            case SERVER -> http(HTTP_ROUTE) || rpc() || messaging();
            case CLIENT -> http(URL_TEMPLATE) || rpc() || database() || messaging();
            case PRODUCER, CONSUMER -> messaging();
            default -> false;
        };
    }

    private boolean http(Key subject) {
        if (!append(HTTP_METHOD)) {
            return false;
        }
        if (has(subject)) {
            text(" ");
            append(subject);
        }
        return name.size() > 0;
    }

    private boolean rpc() {
        if (!has(RPC_SYSTEM)) {
            return false;
        }
        boolean method = has(RPC_METHOD);
        if (append(RPC_SERVICE)) {
            text("/");
            if (!method) {
                text("*");
            }
        } else if (!method) {
            append(RPC_SYSTEM);
        }
        if (method) {
            append(RPC_METHOD);
        }
        return name.size() > 0;
    }

    private boolean database() {
        if (!has(DB_SYSTEM)) {
            return false;
        }
        if (!append(DB_SUMMARY)) {
            append(DB_OPERATION);
            int operation = name.size();
            if (operation > 0) {
                text(" ");
            }
            int before = name.size();
            databaseTarget();
            if (name.size() == before) {
                name.truncate(operation);
            }
            if (name.size() == 0) {
                append(DB_SYSTEM);
            }
        }
        return name.size() > 0;
    }

    private void databaseTarget() {
        int before = name.size();
        append(DB_NAMESPACE);
        Key inside = has(DB_COLLECTION) ? DB_COLLECTION : DB_PROCEDURE;
        if (has(inside)) {
            if (name.size() > before) {
                text(".");
            }
            append(inside);
        } else if (name.size() == before) {
            server();
        }
    }

    private boolean messaging() {
        if (!has(MESSAGING_SYSTEM)) {
            return false;
        }
        boolean operation = append(MESSAGING_OPERATION);
        int end = name.size();
        if (operation) {
            text(" ");
        }
        int before = name.size();
        destination();
        if (name.size() == before) {
            name.truncate(end);
            if (!operation) {
                append(MESSAGING_SYSTEM);
            }
        }
        return name.size() > 0;
    }

    private void destination() {
        if (isTrue(TEMPORARY)) {
            text("(temporary)");
        } else if (isTrue(ANONYMOUS)) {
            text("(anonymous)");
        } else if (!append(DESTINATION_TEMPLATE) && !append(DESTINATION)) {
            server();
        }
    }

    private void server() {
        if (append(SERVER_ADDRESS) && has(SERVER_PORT)) {
            text(":");
            append(SERVER_PORT);
        }
    }

    private boolean isTrue(Key key) {
        int n = find(key);
        return n != MessageEdit.ABSENT && view(n).type() == ValueType.BOOL && value.booleanValue();
    }

    private boolean has(Key key) {
        return find(key) != MessageEdit.ABSENT;
    }

    private int find(Key key) {
        int n = span.attribute(key.name(), 0, key.name().length, key.word());
        return n == MessageEdit.ABSENT && key.former().length > 0
                ? span.attribute(key.former(), 0, key.former().length, key.formerWord())
                : n;
    }

    /** Appends an attribute's value as text; false if it is not there. */
    private boolean append(Key key) {
        int n = find(key);
        if (n == MessageEdit.ABSENT) {
            return false;
        }
        if (view(n).type() == ValueType.STRING) {
            name.put(value.bytes(), value.from(), value.end());
        } else {
            text(AnyValueText.of(value));
        }
        return true;
    }

    private ValueView view(int n) {
        return value.reset(span.bytes(span.entryOf(n)), span.valueFrom(n), span.valueEnd(n));
    }

    private void text(String text) {
        name.put(text.getBytes(StandardCharsets.UTF_8));
    }
}
