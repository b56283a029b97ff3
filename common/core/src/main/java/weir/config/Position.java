package weir.config;

/**
 * A place in a pipeline file.
 *
 * @param line from 1; 0: the file as a whole
 * @param column from 1, in characters
 * @param length of what is meant, in characters on that line; at least 1
 * @param lastLine where it ends, for a value over several lines
 */
public record Position(int line, int column, int length, int lastLine) {
    /** The file as a whole. */
    public static final Position FILE = new Position(0, 1, 1, 0);
}
