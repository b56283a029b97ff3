package weir.config;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.CollectionStartEvent;
import org.snakeyaml.engine.v2.events.DocumentStartEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.NodeEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.ReaderException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import weir.config.Yaml.Entry;
import weir.config.Yaml.Mapping;
import weir.config.Yaml.Scalar;
import weir.config.Yaml.Sequence;
import weir.config.Yaml.Style;

/**
 * Reads YAML 1.2 as Go's library reads it, which the collector uses: with anchors, aliases and merge keys. Builds the tree
 * from the parser's events rather than with the library's composer, so that depth, size and what aliases multiply are
 * bounded while it grows.
 */
public final class YamlReader {
    /** Of one file, in characters; the longest collector files seen are a tenth of it. */
    static final int MAX_CHARS = 4 << 20;

    private static final int MAX_DEPTH = 64;
    /** With each alias counted as if it were written out. */
    private static final int MAX_NODES = 200_000;

    private static final int MAX_KEY_CHARS = 1024;
    private static final String TEXT_TAG = "tag:yaml.org,2002:str";

    private final Problems problems;
    private final Map<Anchor, Anchored> anchors = new HashMap<>();
    private final Iterator<Event> events;
    private int nodes;

    /** @param value null while it is being read: an alias of it would contain itself */
    private record Anchored(@Nullable Yaml value, int nodes) {}

    /** Ends the reading after a problem that was reported. */
    private static final class Unreadable extends Exception {
        private Unreadable() {
            super("", null, false, false);
        }
    }

    private YamlReader(Problems problems, String text) {
        this.problems = problems;
        LoadSettings settings = LoadSettings.builder()
                .setUseMarks(true)
                .setParseComments(false)
                .setCodePointLimit(MAX_CHARS)
                .build();
        this.events = new Parse(settings).parseString(text).iterator();
    }

    /** The one document of a text; null after a problem that leaves nothing to look at. An empty text is a null scalar. */
    public static @Nullable Yaml read(Problems problems, String text) {
        if (text.length() > MAX_CHARS) {
            problems.error(
                    Position.FILE,
                    "the file is longer than " + (MAX_CHARS >> 20) + " MiB",
                    "split it, or leave out what is not a pipeline");
            return null;
        }
        try {
            return new YamlReader(problems, text.startsWith("\ufeff") ? text.substring(1) : text).document();
        } catch (Unreadable e) {
            return null;
        } catch (MarkedYamlEngineException e) {
            syntax(problems, e);
            return null;
        } catch (ReaderException e) {
            problems.error(
                    at(text, e.getPosition()),
                    String.format("the character U+%04X cannot stand in a YAML file", e.getCodePoint()),
                    "remove it");
            return null;
        } catch (YamlEngineException e) {
            problems.error(Position.FILE, "this is not YAML: " + firstLine(e.getMessage()), "");
            return null;
        }
    }

    private Yaml document() throws Unreadable {
        Yaml root = new Scalar(Position.FILE, "", Style.PLAIN);
        boolean seen = false;
        while (events.hasNext()) {
            Event event = events.next();
            if (event instanceof DocumentStartEvent && seen) {
                throw fail(event, "a second YAML document begins here", "a pipeline file is one document");
            }
            if (event instanceof NodeEvent) {
                root = value(event, 0);
                seen = true;
            }
        }
        return root;
    }

    private Yaml value(Event event, int depth) throws Unreadable {
        if (depth > MAX_DEPTH) {
            throw fail(event, "values are nested more than " + MAX_DEPTH + " deep", "");
        }
        count(event, 1);
        int before = nodes;
        return switch (event) {
            case AliasEvent alias -> alias(alias);
            case ScalarEvent scalar -> anchored(scalar.getAnchor(), scalar(scalar), 1);
            case CollectionStartEvent start -> {
                checkTag(start.getTag(), start);
                Optional<Anchor> anchor = start.getAnchor();
                anchor.ifPresent(a -> anchors.put(a, new Anchored(null, 0)));
                Yaml made =
                        start.getEventId() == Event.ID.MappingStart ? mapping(start, depth) : sequence(start, depth);
                yield anchored(anchor, made, nodes - before + 1);
            }
            default -> throw fail(event, "this is not YAML that Weir understands", "");
        };
    }

    private Yaml alias(AliasEvent alias) throws Unreadable {
        Anchored anchored = anchors.get(alias.getAlias());
        if (anchored == null) {
            throw fail(alias, "there is no anchor '&" + alias.getAlias().getValue() + "' before this alias", "");
        }
        if (anchored.value == null) {
            throw fail(alias, "an alias inside of its own anchor never ends", "");
        }
        count(alias, anchored.nodes);
        return anchored.value;
    }

    private Yaml anchored(Optional<Anchor> anchor, Yaml value, int size) {
        anchor.ifPresent(a -> anchors.put(a, new Anchored(value, size)));
        return value;
    }

    private Scalar scalar(ScalarEvent event) throws Unreadable {
        checkTag(event.getTag(), event);
        boolean text =
                event.getScalarStyle() != ScalarStyle.PLAIN || event.getTag().isPresent();
        return new Scalar(position(event), event.getValue(), text ? Style.QUOTED : Style.PLAIN);
    }

    private void checkTag(Optional<String> tag, Event event) throws Unreadable {
        if (tag.isPresent() && !(event instanceof ScalarEvent && tag.get().equals(TEXT_TAG))) {
            throw fail(
                    event, "YAML tags such as '" + tag.get() + "' are not understood", "only !!str is; remove the tag");
        }
    }

    private Sequence sequence(CollectionStartEvent start, int depth) throws Unreadable {
        List<Yaml> items = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.SequenceEnd; event = events.next()) {
            items.add(value(event, depth + 1));
        }
        return new Sequence(position(start), List.copyOf(items), null);
    }

    private Mapping mapping(CollectionStartEvent start, int depth) throws Unreadable {
        Map<String, Entry> own = new LinkedHashMap<>();
        List<Mapping> merged = new ArrayList<>();
        for (Event event = events.next(); event.getEventId() != Event.ID.MappingEnd; event = events.next()) {
            Yaml key = value(event, depth + 1);
            Yaml value = value(events.next(), depth + 1);
            if (!(key instanceof Scalar name) || name.text().length() > MAX_KEY_CHARS) {
                problems.error(
                        key.at(),
                        key instanceof Scalar
                                ? "this key is too long"
                                : "a key must be plain text, not " + Yaml.describe(key),
                        "");
            } else if (name.text().equals("<<") && name.style() == Style.PLAIN) {
                merge(name, value, merged);
            } else {
                Entry former = own.putIfAbsent(name.text(), new Entry(name, value));
                if (former != null) {
                    problems.error(
                            name.at(),
                            "'" + name.text() + "' stands here twice",
                            "first on line " + former.key().at().line() + "; remove one");
                }
            }
        }
        for (Mapping from : merged) {
            from.entries().forEach(e -> own.putIfAbsent(e.name(), e));
        }
        return new Mapping(position(start), List.copyOf(own.values()), null);
    }

    private void merge(Scalar key, Yaml value, List<Mapping> merged) {
        switch (value) {
            case Mapping mapping -> merged.add(mapping);
            case Sequence sequence
            when sequence.items().stream().allMatch(Mapping.class::isInstance) ->
                sequence.items().forEach(m -> merged.add((Mapping) m));
            default -> problems.error(key.at(), "'<<' merges mappings, not " + Yaml.describe(value), "");
        }
    }

    private void count(Event event, int more) throws Unreadable {
        nodes += more;
        if (nodes > MAX_NODES) {
            throw fail(
                    event,
                    "the file has more than " + MAX_NODES + " values, counting what its aliases repeat",
                    "write fewer aliases of aliases");
        }
    }

    private Unreadable fail(Event event, String message, String hint) {
        problems.error(position(event), message, hint);
        return new Unreadable();
    }

    private static Position position(Event event) {
        Optional<Mark> start = event.getStartMark();
        Optional<Mark> end = event.getEndMark();
        if (start.isEmpty() || end.isEmpty()) {
            return Position.FILE;
        }
        Mark from = start.get();
        Mark to = end.get();
        int length = to.getLine() == from.getLine() ? to.getColumn() - from.getColumn() : 1;
        // What ends before the first column, as a block of text does, ended on the line above.
        int last = to.getColumn() == 0 && to.getLine() > from.getLine() ? to.getLine() : to.getLine() + 1;
        return new Position(from.getLine() + 1, from.getColumn() + 1, Math.max(1, length), last);
    }

    private static Position at(String text, int index) {
        String before = text.substring(0, Math.clamp(index, 0, text.length()));
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return new Position(line, before.length() - before.lastIndexOf('\n'), 1, line);
    }

    private static void syntax(Problems problems, MarkedYamlEngineException e) {
        Position at = e.getProblemMark()
                .map(m -> new Position(m.getLine() + 1, m.getColumn() + 1, 1, m.getLine() + 1))
                .orElse(Position.FILE);
        String problem = firstLine(e.getProblem());
        if (problem.contains("TAB")) {
            problems.error(at, "a tab cannot indent YAML", "use spaces");
        } else {
            String context = firstLine(e.getContext());
            problems.error(
                    at,
                    "this is not YAML: " + (context.isEmpty() ? problem : context + ", " + problem),
                    context.contains("flow") && problem.endsWith("got {")
                            ? "within braces or brackets, ${...} needs quotes: \"${...}\""
                            : "");
        }
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "" : text.lines().findFirst().orElse("");
    }
}
