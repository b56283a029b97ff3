package weir.transport.net;

import java.io.IOException;
import java.net.SocketException;
import java.util.Locale;

/** A listener could not be opened; the message is for the user. */
public final class ListenException extends IOException {
    private static final long serialVersionUID = 1;

    /** @param option the path of the option that names the endpoint, such as {@code receivers.otlp.protocols.grpc.endpoint} */
    public ListenException(String option, String endpoint, Throwable cause) {
        super(option + ": cannot listen on " + endpoint + ": " + advice(endpoint, cause), cause);
    }

    private static String advice(String endpoint, Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && !(cause instanceof SocketException)) {
            cause = cause.getCause();
        }
        String message = String.valueOf(cause.getMessage());
        String lower = message.toLowerCase(Locale.ROOT);
        if (lower.contains("address already in use")) {
            return "the port is in use by " + owner(endpoint) + "; stop that one or set another port";
        }
        if (lower.contains("cannot assign requested address")) {
            return "this machine has no such address; listen on localhost, on 0.0.0.0 or on one of its own";
        }
        if (lower.contains("permission denied")) {
            return "ports below 1024 need a privilege; set a higher one";
        }
        if (lower.contains("unresolved") || cause instanceof java.net.UnknownHostException) {
            return "the host is not known";
        }
        return message;
    }

    private static String owner(String endpoint) {
        try {
            return PortOwner.of(Integer.parseInt(endpoint, endpoint.lastIndexOf(':') + 1, endpoint.length(), 10));
        } catch (NumberFormatException e) {
            return "another process";
        }
    }
}
