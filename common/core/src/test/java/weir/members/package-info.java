/** Tests of who the members are. */
@NullMarked
package weir.members;

import org.jspecify.annotations.NullMarked;
