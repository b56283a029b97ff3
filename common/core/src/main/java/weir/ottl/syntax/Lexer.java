package weir.ottl.syntax;

import java.util.ArrayList;
import java.util.List;
import weir.ottl.Limits;

/** Cuts the text of a statement into tokens. */
final class Lexer {
    private static final List<String> SIGNS = List.of(
            "==", "!=", "<=", ">=", "=>", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", "{", "}", ",", ".",
            ":");

    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    private Lexer(String text) {
        this.text = text;
    }

    /** All tokens, with one for the end. */
    static List<Token> tokens(String text) throws SyntaxException {
        if (text.length() > Limits.MAX_STATEMENT_CHARACTERS) {
            throw new SyntaxException(
                    new Region(0, 1),
                    "a statement of " + text.length() + " characters",
                    "at most " + Limits.MAX_STATEMENT_CHARACTERS + " are possible; make several of it");
        }
        Lexer lexer = new Lexer(text);
        lexer.run();
        return lexer.tokens;
    }

    private void run() throws SyntaxException {
        while (true) {
            while (at < text.length() && isSpace(text.charAt(at))) {
                at++;
            }
            int from = at;
            if (from == text.length()) {
                tokens.add(new Token(Token.Kind.END, "", new Region(from, from + 1)));
                return;
            }
            char c = text.charAt(from);
            if (c == '"') {
                string(from);
            } else if (isDigit(c)
                    || (c == '.' && from + 1 < text.length() && isDigit(text.charAt(from + 1)) && !afterPath())) {
                number(from);
            } else if (isLetter(c)) {
                while (at < text.length()
                        && (isLetter(text.charAt(at)) || isDigit(text.charAt(at)) || text.charAt(at) == '_')) {
                    at++;
                }
                add(c >= 'a' ? Token.Kind.LOWER : Token.Kind.UPPER, from);
            } else {
                sign(from);
            }
        }
    }

    /** Whether the dot that comes belongs to a path. */
    private boolean afterPath() {
        return !tokens.isEmpty()
                && (tokens.getLast().kind() == Token.Kind.LOWER
                        || tokens.getLast().isSign("]"));
    }

    private void add(Token.Kind kind, int from) {
        tokens.add(new Token(kind, text.substring(from, at), new Region(from, at)));
    }

    private void sign(int from) throws SyntaxException {
        for (String sign : SIGNS) {
            if (text.startsWith(sign, from)) {
                at += sign.length();
                add(Token.Kind.SIGN, from);
                return;
            }
        }
        char c = text.charAt(from);
        String hint = switch (c) {
            case '\'', '`', '\u201c', '\u201d' -> "texts stand in double quotes";
            case '&', '|', '!' -> "write and, or, not";
            default -> "";
        };
        throw new SyntaxException(
                new Region(from, from + 1), "`" + printable(c) + "` means nothing in a statement", hint);
    }

    private static String printable(char c) {
        return c < ' ' || c == 0x7f ? String.format("\\u%04x", (int) c) : String.valueOf(c);
    }

    private void number(int from) throws SyntaxException {
        if (text.startsWith("0x", from)) {
            at += 2;
            while (at < text.length() && Character.digit(text.charAt(at), 16) >= 0) {
                at++;
            }
            if ((at - from) % 2 != 0 || at == from + 2) {
                throw new SyntaxException(new Region(from, at), "bytes need two digits each", "0x0a rather than 0xa");
            }
            add(Token.Kind.BYTES, from);
            return;
        }
        digits();
        boolean whole = true;
        if (at + 1 < text.length() && text.charAt(at) == '.' && isDigit(text.charAt(at + 1))) {
            whole = false;
            at++;
            digits();
            exponent();
        }
        add(whole ? Token.Kind.INT : Token.Kind.FLOAT, from);
    }

    private void exponent() {
        int mark = at;
        if (at < text.length() && (text.charAt(at) == 'e' || text.charAt(at) == 'E')) {
            at++;
            if (at < text.length() && (text.charAt(at) == '+' || text.charAt(at) == '-')) {
                at++;
            }
            int digits = at;
            digits();
            if (at == digits) {
                at = mark;
            }
        }
    }

    private void digits() {
        while (at < text.length() && isDigit(text.charAt(at))) {
            at++;
        }
    }

    private void string(int from) throws SyntaxException {
        StringBuilder meant = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            if (text.charAt(at) == '\\') {
                escape(meant);
            } else {
                meant.append(text.charAt(at++));
            }
        }
        if (at == text.length()) {
            throw new SyntaxException(new Region(from, from + 1), "a text without an end", "close it with \"");
        }
        at++;
        tokens.add(new Token(Token.Kind.TEXT, meant.toString(), new Region(from, at)));
    }

    private void escape(StringBuilder meant) throws SyntaxException {
        int from = at;
        char c = at + 1 < text.length() ? text.charAt(at + 1) : ' ';
        at += 2;
        switch (c) {
            case '"', '\\' -> meant.append(c);
            case 'n' -> meant.append('\n');
            case 't' -> meant.append('\t');
            case 'r' -> meant.append('\r');
            case 'a' -> meant.append('\u0007');
            case 'b' -> meant.append('\b');
            case 'f' -> meant.append('\f');
            case 'v' -> meant.append('\u000b');
            case 'u' -> character(from, 4, meant);
            case 'U' -> character(from, 8, meant);
            default ->
                throw new SyntaxException(
                        new Region(from, Math.min(text.length(), from + 2)),
                        "`\\" + printable(c) + "` is no escape in a text",
                        "write two backslashes where a regular expression needs one: \"\\\\d\"");
        }
    }

    private void character(int from, int digits, StringBuilder meant) throws SyntaxException {
        int code = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < text.length() ? Character.digit(text.charAt(at), 16) : -1;
            if (digit < 0 || code > 0x10ffff) {
                throw new SyntaxException(
                        new Region(from, Math.min(text.length(), at + 1)),
                        "an escape that needs " + digits + " hexadecimal digits",
                        "");
            }
            code = code << 4 | digit;
            at++;
        }
        if (!Character.isValidCodePoint(code) || (code >= 0xd800 && code < 0xe000)) {
            throw new SyntaxException(new Region(from, at), "no character has this number", "");
        }
        meant.appendCodePoint(code);
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    }
}
