package weir.ottl.syntax;

/**
 * A word of a statement.
 *
 * @param text as it was written; of a TEXT, what it means
 */
record Token(Kind kind, String text, Region at) {
    enum Kind {
        TEXT,
        INT,
        FLOAT,
        BYTES,
        /** Begins with a lower case letter. */
        LOWER,
        /** Begins with an upper case letter. */
        UPPER,
        /** An operator, comma, bracket or dot. */
        SIGN,
        END
    }

    boolean isSign(String sign) {
        return kind == Kind.SIGN && text.equals(sign);
    }

    boolean isWord(String word) {
        return kind == Kind.LOWER && text.equals(word);
    }

    /** For errors. */
    String described() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "a text";
            default -> "`" + text + "`";
        };
    }
}
