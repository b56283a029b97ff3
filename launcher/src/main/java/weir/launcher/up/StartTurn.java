package weir.launcher.up;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The right to choose ports and start on them, which one {@code weir up} of a user has at a time. Ends with the process. */
final class StartTurn implements AutoCloseable {
    private final @Nullable FileChannel file;

    private StartTurn(@Nullable FileChannel file) {
        this.file = file;
    }

    /** Waits for a run that is starting. Where there can be no file for it, there is only hope. */
    static StartTurn await(Terminal terminal) throws IOException {
        Path path =
                Path.of(System.getProperty("java.io.tmpdir"), "weir-up-" + System.getProperty("user.name") + ".lock");
        FileChannel file;
        try {
            file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            return new StartTurn(null);
        }
        if (file.tryLock() == null) {
            terminal.line("Weir local · another weir up is starting; this one follows");
            FileLock _ = file.lock();
        }
        return new StartTurn(file);
    }

    /** Lets the next one start. Idempotent. */
    void end() throws IOException {
        if (file != null) {
            file.close();
        }
    }

    @Override
    public void close() throws IOException {
        end();
    }
}
