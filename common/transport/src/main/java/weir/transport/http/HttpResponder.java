package weir.transport.http;

import java.io.OutputStream;

/** Takes the answer to one request: exactly one of its methods is called, once, from any thread. */
public interface HttpResponder {
    /** Answers. Does not block. An answer to a client that is gone is dropped. */
    void send(HttpReply reply);

    /**
     * Answers with a body that is written as it is made; the stream blocks while the client is slower, so this is for virtual
     * threads. It fails when the client is gone or slower than the write timeout. To be closed, which ends the answer;
     * a maker that fails calls {@link #abort} instead.
     *
     * @param head its body is not used
     */
    OutputStream stream(HttpReply head);

    /** Closes the connection in place of an answer, so that a client does not take what came so far for the whole. */
    void abort();
}
