/** What the tests of all modules share: a consumer that remembers, a timer that is moved by hand, contexts for components. */
@NullMarked
package weir.testing;

import org.jspecify.annotations.NullMarked;
