package weir.allocator.api;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A request for a page, as it came.
 *
 * @param path as on the wire: {@code %2F} is part of a name, {@code /} is not
 * @param query as on the wire, without the question mark; empty if there is none
 */
public record Request(String method, String path, String query) {
    /** The first value of a query parameter, decoded. */
    Optional<String> parameter(String name) {
        for (String pair : query.split("&")) {
            int equals = pair.indexOf('=');
            String key = equals < 0 ? pair : pair.substring(0, equals);
            if (decode(key).equals(Optional.of(name))) {
                return decode(equals < 0 ? "" : pair.substring(equals + 1));
            }
        }
        return Optional.empty();
    }

    /** What an encoded text says, {@code +} being a space, as the Target Allocator decodes both paths and queries. */
    static Optional<String> decode(String encoded) {
        try {
            return Optional.of(URLDecoder.decode(encoded, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // % without two digits
        }
    }
}
