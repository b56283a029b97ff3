package weir.otlp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to do to the attributes of a message, applied by copying around what changes. Steps act in the order they were given,
 * but are folded into one rule per key, so that applying them takes one pass. Values are the fields of an AnyValue; see
 * {@link Attributes}.
 *
 * <p>Not to be changed while it is applied; applying it is for one thread at a time.
 */
public final class AttributeEdit {
    /** What a key becomes: if it is there, and if it is not. */
    private static final class Rule {
        final byte[] key;
        boolean remove;
        byte @Nullable [] replacement;
        byte @Nullable [] addition;
        boolean seen;

        Rule(byte[] key) {
            this.key = key;
        }
    }

    private final List<Rule> rules = new ArrayList<>();
    private final List<byte[][]> appended = new ArrayList<>();
    private final AttributeCursor cursor = new AttributeCursor();

    public boolean isEmpty() {
        return rules.isEmpty() && appended.isEmpty();
    }

    public AttributeEdit clear() {
        rules.clear();
        appended.clear();
        return this;
    }

    /** Adds an attribute if its key is not there. */
    public AttributeEdit insert(String key, byte[] value) {
        Rule rule = rule(key);
        if (rule.remove) {
            rule.remove = false;
            rule.replacement = value;
        }
        if (rule.addition == null) {
            rule.addition = value;
        }
        return this;
    }

    /** Changes an attribute if its key is there. */
    public AttributeEdit update(String key, byte[] value) {
        Rule rule = rule(key);
        if (!rule.remove) {
            rule.replacement = value;
        }
        if (rule.addition != null) {
            rule.addition = value;
        }
        return this;
    }

    /** Changes an attribute, or adds it if its key is not there. */
    public AttributeEdit upsert(String key, byte[] value) {
        Rule rule = rule(key);
        rule.remove = false;
        rule.replacement = value;
        rule.addition = value;
        return this;
    }

    /** Removes an attribute. */
    public AttributeEdit delete(String key) {
        Rule rule = rule(key);
        rule.remove = true;
        rule.replacement = null;
        rule.addition = null;
        return this;
    }

    /** Adds an attribute whose key is known not to be there; cheaper, for no key is looked at. */
    public AttributeEdit append(String key, byte[] value) {
        appended.add(new byte[][] {Attributes.key(key), value});
        return this;
    }

    private Rule rule(String key) {
        byte[] bytes = Attributes.key(key);
        for (Rule rule : rules) {
            if (Arrays.equals(rule.key, bytes)) {
                return rule;
            }
        }
        Rule rule = new Rule(bytes);
        rules.add(rule);
        return rule;
    }

    /**
     * Appends a message as it is after the edit; all its other fields are kept as they are. A key that comes twice, against
     * the specification, is changed once and removed wherever it is.
     *
     * @param b where the message's fields lie, checked
     * @param field which field of the message holds its attributes; see {@link Fields}
     */
    public void apply(byte[] b, int from, int end, int field, Output out) {
        if (rules.isEmpty()) {
            out.put(b, from, end);
        } else {
            applyRules(b, from, end, field, out);
        }
        for (byte[][] attribute : appended) {
            Attributes.append(out, field, attribute[0], attribute[1]);
        }
    }

    private void applyRules(byte[] b, int from, int end, int field, Output out) {
        for (Rule rule : rules) {
            rule.seen = false;
        }
        int copied = from;
        cursor.reset(b, from, end, field);
        while (cursor.next()) {
            Rule rule = ruleAtCursor();
            if (rule == null) {
                continue;
            }
            boolean first = !rule.seen;
            rule.seen = true;
            byte[] replacement = rule.replacement;
            if (rule.remove || replacement != null) {
                out.put(b, copied, cursor.start());
                copied = cursor.end();
            }
            if (replacement != null && first) {
                Attributes.append(out, field, rule.key, replacement);
            }
        }
        out.put(b, copied, end);
        for (Rule rule : rules) {
            byte[] addition = rule.addition;
            if (!rule.seen && addition != null) {
                Attributes.append(out, field, rule.key, addition);
            }
        }
    }

    private @Nullable Rule ruleAtCursor() {
        for (int i = 0; i < rules.size(); i++) {
            if (cursor.keyEquals(rules.get(i).key)) {
                return rules.get(i);
            }
        }
        return null;
    }
}
