/** Tests of members that come and go. */
@NullMarked
package weir.transport.members;

import org.jspecify.annotations.NullMarked;
