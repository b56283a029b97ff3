/**
 * Messages that are read and changed where they lie: {@link weir.otlp.edit.MessageEdit} is one message with what is changed
 * about it, {@link weir.otlp.edit.HeadEdit} the Resource or InstrumentationScope of what items lie in, and {@link
 * weir.otlp.edit.RequestEdit} a request with pieces of it replaced, written by one copy around them.
 */
@NullMarked
package weir.otlp.edit;

import org.jspecify.annotations.NullMarked;
