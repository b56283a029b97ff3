package weir.ottl;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import weir.testing.FuzzInputs;

/** The fuzz target over what it begins with, what fuzzing found among it. */
class FuzzOttlTest {
    @Test
    void ottl_itsInputs_holds() throws IOException {
        FuzzInputs.run(FuzzOttl::fuzzerTestOneInput, FuzzOttl.inputs());
    }
}
