package weir.extension.filestorage;

import java.util.Set;
import weir.otlp.Signal;
import weir.pipeline.ComponentContext;
import weir.pipeline.ComponentFactory;
import weir.pipeline.Extension;

/** Makes {@code file_storage} extensions. */
public final class FileStorageFactory implements ComponentFactory.OfExtension<FileStorageConfig> {
    @Override
    public String type() {
        return "file_storage";
    }

    @Override
    public Class<FileStorageConfig> configType() {
        return FileStorageConfig.class;
    }

    @Override
    public Set<Signal> signals() {
        return Set.of();
    }

    @Override
    public Extension create(ComponentContext context, FileStorageConfig config) {
        return new FileStorage(config);
    }
}
