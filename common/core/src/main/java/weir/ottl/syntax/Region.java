package weir.ottl.syntax;

/**
 * Where something stands in the text of a statement.
 *
 * @param from in characters, from 0
 * @param end exclusive
 */
public record Region(int from, int end) {
    Region to(Region other) {
        return new Region(from, other.end);
    }
}
