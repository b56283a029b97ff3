package weir.attribute;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.match.Expressions;
import weir.otlp.AttributeCursor;
import weir.otlp.Attributes;
import weir.otlp.Output;
import weir.otlp.ResourceEdit;

/**
 * Does steps to the attributes of messages, one after the other, each to what the one before left: a step that changes
 * something copies around it, from one buffer to another; one that changes nothing costs a look for its key. A key that
 * comes twice, against the specification, is changed once and removed wherever it is. To be used again; belongs to one thread.
 */
public final class AttributeActions implements ResourceEdit.Rewrite {
    /** Values are the fields of an AnyValue. */
    private sealed interface Action {
        record Put(AttributeStep.What what, byte[] key, byte[] value) implements Action {}

        record Copy(AttributeStep.What what, byte[] key, byte[] from) implements Action {}

        record Delete(byte[] key) implements Action {}

        record DeleteMatching(Pattern pattern) implements Action {}

        record Hash(byte[] key) implements Action {}

        record HashMatching(Pattern pattern) implements Action {}

        record Extract(byte[] key, Pattern pattern, List<Map.Entry<byte[], Integer>> groups) implements Action {}

        record Convert(byte[] key, AttributeStep.To to) implements Action {}
    }

    private final List<Action> actions = new ArrayList<>();
    private final AttributeCursor cursor = new AttributeCursor();
    private final Output one = new Output(1024);
    private final Output other = new Output(1024);

    /** What the message is now. */
    private byte[] bytes = {};

    private int from;
    private int end;
    private int field;
    private boolean inOne;
    private boolean changed;

    /** @param steps checked, in their order; a step with both a key and a pattern is two */
    public AttributeActions(List<AttributeStep> steps) {
        steps.forEach(this::add);
    }

    private void add(AttributeStep step) {
        byte[] key = Attributes.key(step.key());
        Pattern pattern = step.pattern() == null ? null : Expressions.compile(step.pattern());
        switch (step.action()) {
            case INSERT, UPDATE, UPSERT -> actions.add(putOrCopy(step, key));
            case DELETE -> {
                if (key.length > 0) {
                    actions.add(new Action.Delete(key));
                }
                if (pattern != null) {
                    actions.add(new Action.DeleteMatching(pattern));
                }
            }
            case HASH -> {
                // The key is left out of the pattern's: hashed twice it would be another value.
                if (pattern != null) {
                    actions.add(new Action.HashMatching(pattern));
                }
                if (key.length > 0
                        && (pattern == null || !pattern.matcher(step.key()).find())) {
                    actions.add(new Action.Hash(key));
                }
            }
            case EXTRACT -> {
                Pattern wanted = Objects.requireNonNull(pattern);
                actions.add(new Action.Extract(
                        key,
                        wanted,
                        wanted.namedGroups().entrySet().stream()
                                .sorted(Map.Entry.comparingByValue())
                                .map(e -> Map.entry(Attributes.key(e.getKey()), e.getValue()))
                                .toList()));
            }
            case CONVERT -> actions.add(new Action.Convert(key, Objects.requireNonNull(step.convertedType())));
        }
    }

    private static Action putOrCopy(AttributeStep step, byte[] key) {
        @Nullable Object value = step.value();
        return value == null
                ? new Action.Copy(step.action(), key, Attributes.key(Objects.requireNonNull(step.fromAttribute())))
                : new Action.Put(step.action(), key, ActionValues.of(value));
    }

    /**
     * Does all to a message.
     *
     * @param b where the message's fields lie, checked
     * @param attributes which field of the message holds its attributes; see {@link weir.otlp.Fields}
     * @return whether that changed it; what it is then, {@link #bytes} tells
     */
    @Override
    public boolean apply(byte[] b, int begin, int limit, int attributes) {
        bytes = b;
        from = begin;
        end = limit;
        field = attributes;
        changed = false;
        for (int i = 0; i < actions.size(); i++) {
            apply(actions.get(i));
        }
        return changed;
    }

    /** Holds the message after {@link #apply}, from {@link #from} to {@link #end}, until it is called again. */
    @Override
    public byte[] bytes() {
        return bytes;
    }

    @Override
    public int from() {
        return from;
    }

    /** Exclusive. */
    @Override
    public int end() {
        return end;
    }

    private void apply(Action action) {
        switch (action) {
            case Action.Put(var what, var key, var value) -> put(what, key, value, 0, value.length);
            case Action.Copy(var what, var key, var source) -> {
                if (find(source)) {
                    put(what, key, bytes, cursor.valueFrom(), cursor.valueEnd());
                }
            }
            case Action.Delete(var key) -> delete(key, null);
            case Action.DeleteMatching(var pattern) -> delete(null, pattern);
            case Action.Hash(var key) -> {
                if (find(key)) {
                    set(key, ActionValues.hash(value()));
                }
            }
            case Action.HashMatching(var pattern) -> hash(pattern);
            case Action.Extract(var key, var pattern, var groups) -> extract(key, pattern, groups);
            case Action.Convert(var key, var to) -> {
                if (find(key)) {
                    set(key, ActionValues.convert(value(), to));
                }
            }
        }
    }

    private boolean find(byte[] key) {
        return cursor.reset(bytes, from, end, field).find(key);
    }

    private byte[] value() {
        return Arrays.copyOfRange(bytes, cursor.valueFrom(), cursor.valueEnd());
    }

    private void set(byte[] key, byte[] value) {
        put(AttributeStep.What.UPSERT, key, value, 0, value.length);
    }

    private void put(AttributeStep.What what, byte[] key, byte[] v, int valueFrom, int valueEnd) {
        boolean there = find(key);
        if (there == (what == AttributeStep.What.INSERT) && what != AttributeStep.What.UPSERT) {
            return;
        }
        if (there && Arrays.equals(bytes, cursor.valueFrom(), cursor.valueEnd(), v, valueFrom, valueEnd)) {
            return;
        }
        Output to = next();
        to.put(bytes, from, there ? cursor.start() : end);
        append(to, key, 0, key.length, v, valueFrom, valueEnd);
        if (there) {
            to.put(bytes, cursor.end(), end);
        }
        become(to);
    }

    private void append(Output to, byte[] k, int keyFrom, int keyEnd, byte[] v, int valueFrom, int valueEnd) {
        int mark = to.begin(field);
        to.field(1, k, keyFrom, keyEnd).field(2, v, valueFrom, valueEnd).end(mark);
    }

    private void delete(byte @Nullable [] key, @Nullable Pattern pattern) {
        Output to = null;
        int copied = from;
        cursor.reset(bytes, from, end, field);
        while (cursor.next()) {
            if (key != null ? cursor.keyEquals(key) : matches(pattern)) {
                to = to == null ? next() : to;
                to.put(bytes, copied, cursor.start());
                copied = cursor.end();
            }
        }
        if (to != null) {
            become(to.put(bytes, copied, end));
        }
    }

    private boolean matches(@Nullable Pattern pattern) {
        return pattern != null && pattern.matcher(cursor.key()).find();
    }

    private void hash(Pattern pattern) {
        Output to = null;
        int copied = from;
        cursor.reset(bytes, from, end, field);
        while (cursor.next()) {
            if (matches(pattern)) {
                to = to == null ? next() : to;
                to.put(bytes, copied, cursor.start());
                byte[] hashed = ActionValues.hash(value());
                append(to, bytes, cursor.keyFrom(), cursor.keyEnd(), hashed, 0, hashed.length);
                copied = cursor.end();
            }
        }
        if (to != null) {
            become(to.put(bytes, copied, end));
        }
    }

    private void extract(byte[] key, Pattern pattern, List<Map.Entry<byte[], Integer>> groups) {
        String text = find(key) ? ActionValues.text(value()) : null;
        Matcher matcher = text == null ? null : pattern.matcher(text);
        if (matcher == null || !matcher.find()) {
            return;
        }
        for (Map.Entry<byte[], Integer> group : groups) {
            String found = matcher.group(group.getValue());
            set(group.getKey(), Attributes.value(found == null ? "" : found));
        }
    }

    private Output next() {
        return (inOne ? other : one).clear();
    }

    private void become(Output now) {
        inOne = !inOne;
        bytes = now.bytes();
        from = 0;
        end = now.size();
        changed = true;
    }
}
