package weir.transport.net;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * Where to listen, as a pipeline file says it: {@code host:port}, {@code [::1]:port}, {@code :port} for all interfaces.
 *
 * @param port 0 for any that is free
 */
public record Endpoint(String host, int port) {
    /** @throws IllegalArgumentException with a sentence for the user */
    public static Endpoint parse(String text) {
        int colon = text.lastIndexOf(':');
        if (colon < 0) {
            throw new IllegalArgumentException("\"" + text + "\" has no port; write host:port, such as localhost:4317");
        }
        String host = text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + text + "\": write an IPv6 address in brackets, such as [::1]:4317");
        }
        int port;
        try {
            port = Integer.parseInt(text, colon + 1, text.length(), 10);
        } catch (NumberFormatException _) {
            port = -1;
        }
        if (port < 0 || port > 65535) {
            throw new IllegalArgumentException(
                    "\"" + text + "\": \"" + text.substring(colon + 1) + "\" is no port; ports are 0 to 65535");
        }
        return new Endpoint(host, port);
    }

    /** Whether only this machine can reach it. A name is looked up, {@code localhost} is not. */
    public boolean isLoopback() {
        if (host.equals("localhost")) {
            return true;
        }
        if (host.isEmpty()) {
            return false;
        }
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException _) {
            return false;
        }
    }

    /** The address to bind to; may be unresolved. */
    public InetSocketAddress address() {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
