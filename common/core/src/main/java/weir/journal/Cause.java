package weir.journal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Why something failed, for people: what the system says of a disk is a sentence, what else is thrown needs its name. */
final class Cause {
    private Cause() {}

    static String of(Throwable thrown) {
        @Nullable String message = thrown.getMessage();
        return message != null && thrown.getClass().equals(IOException.class) ? message : thrown.toString();
    }
}
