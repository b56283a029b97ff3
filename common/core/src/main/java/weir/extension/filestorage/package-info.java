/** The {@code file_storage} extension: directories in which queues keep what must outlive the process. */
@NullMarked
package weir.extension.filestorage;

import org.jspecify.annotations.NullMarked;
