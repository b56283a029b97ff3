package weir.otlp;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import weir.testing.FuzzInputs;

/** The fuzz targets over what they begin with, what fuzzing found among it. */
class FuzzTargetsTest {
    @Test
    void otlp_itsInputs_holds() throws IOException {
        FuzzInputs.run(FuzzOtlp::fuzzerTestOneInput, FuzzOtlp.inputs());
    }

    @Test
    void otlpJson_itsInputs_holds() throws IOException {
        FuzzInputs.run(FuzzOtlpJson::fuzzerTestOneInput, FuzzOtlpJson.inputs());
    }
}
