package weir.load;

import java.io.IOException;
import java.nio.file.Path;

/**
 * A backend as a process of its own, to be killed: writes the id of each span to a file before it acknowledges the request, so
 * that whatever it acknowledged is known after it was killed.
 */
public final class SinkProcess {
    private SinkProcess() {}

    /** @param args the port of loopback, and the file to append to */
    public static void main(String... args) throws IOException, InterruptedException {
        try (Sink sink = new Sink(Shape.usual(), Integer.parseInt(args[0]), Path.of(args[1]))) {
            System.out.println("listens on " + sink.port());
            Thread.currentThread().join();
        }
    }
}
