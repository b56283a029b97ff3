/** Tests of texts and regular expressions looked for in bytes. */
@NullMarked
package weir.match;

import org.jspecify.annotations.NullMarked;
