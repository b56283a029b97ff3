/** What the tests of this module share: certificates made on the spot, a raw client. */
@NullMarked
package weir.transport.testing;

import org.jspecify.annotations.NullMarked;
