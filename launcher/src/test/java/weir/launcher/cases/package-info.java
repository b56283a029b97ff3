@NullMarked
package weir.launcher.cases;

import org.jspecify.annotations.NullMarked;
