package weir.allocator.config;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where to listen, as {@code host:port}; without a host, on every address, as the Target Allocator has it. */
public record HostPort(String host, int port) {
    static final String FORM = "must be host:port, such as 127.0.0.1:8090; a host that is an IPv6 address in brackets";

    private static final Pattern WRITTEN = Pattern.compile("(\\[[0-9a-fA-F:.]+]|[^\\[\\]:\\s]*):(\\d{1,5})");

    /** Null if it is none. */
    public static @Nullable HostPort parse(String text) {
        Matcher parts = WRITTEN.matcher(text);
        if (!parts.matches() || Integer.parseInt(parts.group(2)) > 65535) {
            return null;
        }
        String host = parts.group(1).replaceAll("[\\[\\]]", "");
        return new HostPort(host.isEmpty() ? "0.0.0.0" : host, Integer.parseInt(parts.group(2)));
    }

    /** Whether only this machine can reach it. */
    public boolean isLoopback() {
        return host.equals("localhost") || host.equals("::1") || host.startsWith("127.");
    }
}
