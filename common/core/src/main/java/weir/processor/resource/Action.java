package weir.processor.resource;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import weir.otlp.AttributeEdit;

/** One step of a {@code resource} processor, ready to be done. Values are the fields of an AnyValue. */
sealed interface Action {
    /** Does it to a resource's attributes. */
    void apply(Map<String, byte[]> attributes);

    /** Insert, update or upsert of a value that is known before: needs no look at the resource. */
    record Put(ResourceConfig.What what, String key, byte[] value) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            put(attributes, what, key, value);
        }

        void addTo(AttributeEdit edit) {
            switch (what) {
                case INSERT -> edit.insert(key, value);
                case UPDATE -> edit.update(key, value);
                default -> edit.upsert(key, value);
            }
        }
    }

    /** Insert, update or upsert of another attribute's value. */
    record Copy(ResourceConfig.What what, String key, String from) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            byte[] value = attributes.get(from);
            if (value != null) {
                put(attributes, what, key, value);
            }
        }
    }

    /** Removal of one attribute: needs no look at the resource. */
    record Delete(String key) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            attributes.remove(key);
        }
    }

    record DeleteMatching(Pattern pattern) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            attributes.keySet().removeIf(key -> pattern.matcher(key).find());
        }
    }

    record Hash(String key) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            attributes.computeIfPresent(key, (_, value) -> ActionValues.hash(value));
        }
    }

    record HashMatching(Pattern pattern) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            attributes.replaceAll((key, value) -> pattern.matcher(key).find() ? ActionValues.hash(value) : value);
        }
    }

    record Extract(String key, Pattern pattern) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            byte[] value = attributes.get(key);
            String text = value == null ? null : ActionValues.text(value);
            if (text == null) {
                return;
            }
            Matcher matcher = pattern.matcher(text);
            if (matcher.find()) {
                pattern.namedGroups().keySet().forEach(group -> {
                    String found = matcher.group(group);
                    attributes.put(group, ActionValues.of(found == null ? "" : found));
                });
            }
        }
    }

    record Convert(String key, ResourceConfig.To to) implements Action {
        @Override
        public void apply(Map<String, byte[]> attributes) {
            attributes.computeIfPresent(key, (_, value) -> ActionValues.convert(value, to));
        }
    }

    private static void put(Map<String, byte[]> attributes, ResourceConfig.What what, String key, byte[] value) {
        boolean there = attributes.containsKey(key);
        if (what == ResourceConfig.What.UPSERT || there == (what == ResourceConfig.What.UPDATE)) {
            attributes.put(key, value);
        }
    }

    /** The actions of a checked configuration, in its order; a step with both a key and a pattern is two. */
    static List<Action> of(ResourceConfig config) {
        return config.attributes().stream()
                .<Action>mapMulti((step, to) -> {
                    Pattern pattern = step.pattern() == null ? null : Pattern.compile(step.pattern());
                    switch (step.action()) {
                        case INSERT, UPDATE, UPSERT -> to.accept(putOrCopy(step));
                        case DELETE -> {
                            if (!step.key().isEmpty()) {
                                to.accept(new Delete(step.key()));
                            }
                            if (pattern != null) {
                                to.accept(new DeleteMatching(pattern));
                            }
                        }
                        case HASH -> {
                            // The key is left out of the pattern's: hashed twice it would be another value.
                            if (pattern != null) {
                                to.accept(new HashMatching(pattern));
                            }
                            if (!step.key().isEmpty()
                                    && (pattern == null
                                            || !pattern.matcher(step.key()).find())) {
                                to.accept(new Hash(step.key()));
                            }
                        }
                        case EXTRACT -> to.accept(new Extract(step.key(), Objects.requireNonNull(pattern)));
                        case CONVERT ->
                            to.accept(new Convert(step.key(), Objects.requireNonNull(step.convertedType())));
                    }
                })
                .toList();
    }

    private static Action putOrCopy(ResourceConfig.Step step) {
        @Nullable Object value = step.value();
        return value == null
                ? new Copy(step.action(), step.key(), Objects.requireNonNull(step.fromAttribute()))
                : new Put(step.action(), step.key(), ActionValues.of(value));
    }
}
