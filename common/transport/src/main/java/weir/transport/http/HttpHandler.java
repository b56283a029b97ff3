package weir.transport.http;

import org.jspecify.annotations.Nullable;

/** Answers the requests of a listener. Called from event loops and other threads, several at once: must not block. */
public interface HttpHandler {
    /**
     * Looks at a request before its body is read.
     *
     * @return the answer, if the body need not be read for it; null to go on
     */
    default @Nullable HttpReply refuse(HttpHead head) {
        return null;
    }

    /**
     * Answers a request, now or later.
     *
     * @param responder answered exactly once, also when this method fails
     */
    void handle(HttpRequest request, HttpResponder responder);

    /**
     * The answer to a request that the listener refuses by itself: its body is too large (413), cut off or not in the
     * encoding that it says (400), or there is no room for it now (503).
     */
    default HttpReply error(HttpHead head, int status, String message) {
        return HttpReply.text(status, message + "\n");
    }
}
