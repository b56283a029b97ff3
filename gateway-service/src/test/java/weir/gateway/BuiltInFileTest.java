package weir.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import weir.pipeline.file.PipelineFiles;
import weir.rim.ServiceFile;

class BuiltInFileTest {
    @Test
    void builtInFile_loadsWithoutAnyComplaint() throws IOException {
        ServiceFile file = ServiceFile.read(new GatewayService(), Optional.empty());

        assertThat(PipelineFiles.load(file.name(), file.text(), GatewayComponents.ALL, _ -> null)
                        .problems())
                .isEmpty();
    }
}
