package weir.ottl.context;

import com.google.re2j.Pattern;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import weir.otlp.Fields;
import weir.ottl.Access;
import weir.ottl.PathException;
import weir.ottl.PathKey;
import weir.ottl.Value;

/**
 * One member of a span's W3C trace state, by the rules of Trace Context Level 1 as OpenTelemetry's SDK for Go reads them: of a
 * trace state that is not well-formed there is none, and it is not written to.
 */
record TraceStateEntry(String key) implements Access<Item> {
    private static final int MAX_MEMBERS = 32;
    private static final Pattern KEY =
            Pattern.compile("[a-z][_0-9a-z\\-*/]{0,255}|[a-z0-9][_0-9a-z\\-*/]{0,240}@[a-z][_0-9a-z\\-*/]{0,13}");
    private static final Pattern VALUE = Pattern.compile("[ -+\\--<>-~]{0,255}[!-+\\--<>-~]");
    private static final TextField WHOLE = new TextField(Place.MESSAGE, Fields.SPAN_TRACE_STATE);

    static TraceStateEntry of(List<PathKey<Item>> keys) throws PathException {
        if (keys.size() == 1 && keys.getFirst() instanceof PathKey.Text<Item>(var text, var _)) {
            return new TraceStateEntry(text);
        }
        throw new PathException("a member of a trace state is told by one text", "write trace_state[\"...\"]");
    }

    @Override
    public void get(Item item, Value into) {
        WHOLE.get(item, into);
        Map<String, String> members = parse(into.text());
        if (members == null) {
            into.setNil();
        } else {
            into.set(members.getOrDefault(key, ""));
        }
    }

    @Override
    public void set(Item item, Value value) {
        Expected.kind(value, Value.Kind.STRING);
        Value whole = new Value();
        WHOLE.get(item, whole);
        String text = value.text();
        Map<String, String> members = parse(whole.text());
        if (members == null || !KEY.matches(key) || !VALUE.matches(text)) {
            return;
        }
        members.remove(key);
        if (members.size() == MAX_MEMBERS) {
            members.remove(
                    members.keySet().stream().skip(MAX_MEMBERS - 1L).findFirst().orElse(""));
        }
        String rest = members.entrySet().stream()
                .map(e -> "," + e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining());
        byte[] written = (key + "=" + text + rest).getBytes(StandardCharsets.UTF_8);
        item.message().setBytes(Fields.SPAN_TRACE_STATE, written, 0, written.length);
    }

    private static @Nullable Map<String, String> parse(String state) {
        Map<String, String> members = new LinkedHashMap<>();
        for (String member : state.split(",", -1)) {
            if (member.isEmpty()) {
                continue;
            }
            int equals = member.indexOf('=');
            if (equals < 0 || members.size() == MAX_MEMBERS) {
                return null;
            }
            String key = trimmed(member.substring(0, equals), true);
            String value = trimmed(member.substring(equals + 1), false);
            if (!KEY.matches(key) || !VALUE.matches(value) || members.put(key, value) != null) {
                return null;
            }
        }
        return members;
    }

    private static String trimmed(String text, boolean inFront) {
        int from = 0;
        int end = text.length();
        while (inFront && from < end && isBlank(text.charAt(from))) {
            from++;
        }
        while (!inFront && end > from && isBlank(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(from, end);
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }
}
