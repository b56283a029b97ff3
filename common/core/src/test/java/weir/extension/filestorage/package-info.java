@NullMarked
package weir.extension.filestorage;

import org.jspecify.annotations.NullMarked;
