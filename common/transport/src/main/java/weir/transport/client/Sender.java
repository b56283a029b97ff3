package weir.transport.client;

import java.io.IOException;
import weir.pipeline.Consumer;

/**
 * Makes one try at sending a batch to a backend. Each delivery is completed within the sender's timeout, unless it waits for
 * a name to be looked up by the system. Safe for use by any thread.
 */
public interface Sender extends Consumer, AutoCloseable {
    /**
     * Takes its threads and reads its TLS files; connects only when there is something to send.
     *
     * @throws IOException whose message is for the user
     */
    void start() throws IOException;

    /** Closes its connections; what is in flight fails. Idempotent. */
    @Override
    void close();
}
