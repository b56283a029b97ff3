package weir.gateway.console;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The gateways that one console speaks for: this one and those it was told of. Only these are ever asked, so that a
 * request cannot make the gateway call other addresses.
 *
 * @param self name of this one
 * @param others the console addresses of the others, by name
 */
public record Gateways(String self, Map<String, URI> others) {
    /** @param entries {@code name=http://host:port} each; that of this gateway may be among them */
    public static Gateways of(String self, List<String> entries) {
        Map<String, URI> others = new LinkedHashMap<>();
        for (String entry : entries) {
            int equals = entry.indexOf('=');
            String name = equals < 0 ? "" : entry.substring(0, equals).strip();
            if (name.isEmpty()) {
                throw new IllegalArgumentException(
                        "weir.console.gateways: expected name=http://host:port, found '" + entry + "'");
            }
            if (!name.equals(self)) {
                others.put(name, URI.create(entry.substring(equals + 1).strip()));
            }
        }
        return new Gateways(self, Map.copyOf(others));
    }

    /** All names, sorted. */
    public List<String> names() {
        List<String> names = new ArrayList<>(others.keySet());
        names.add(self);
        names.sort(null);
        return names;
    }

    public boolean isSelf(String name) {
        return name.isEmpty() || name.equals(self);
    }

    public Optional<URI> other(String name) {
        return Optional.ofNullable(others.get(name));
    }
}
