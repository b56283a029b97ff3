package weir.journal;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import weir.testing.FuzzInputs;

/** The fuzz target over what it begins with, what fuzzing found among it. */
class FuzzTargetsTest {
    @Test
    void journal_itsInputs_holds() throws IOException {
        FuzzInputs.run(FuzzJournal::fuzzerTestOneInput, FuzzJournal.inputs());
    }
}
