/**
 * Texts and regular expressions looked for in bytes.
 *
 * <pre>
 * ByteTable      a fixed set of byte strings, found by hash
 * TextPatterns   regular expressions: ByteFactor (literals) in front of RE2, VerdictCache for what RE2 said
 *   Literals       finds the literals of an expression (LiteralParser, Part, Syntax)
 * Prefilter      the literals alone
 * Expressions    regular expressions within a limit (PatternSize)
 * Glob           patterns with stars, as regular expressions
 * </pre>
 *
 * <p>Nothing here allocates for a text, but for one that a regular expression is asked about for the first time.
 */
@NullMarked
package weir.match;

import org.jspecify.annotations.NullMarked;
