package weir.allocator.api;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Replaces secrets within a scrape job's settings by {@code <secret>}, as Prometheus shows its own configuration: by the
 * names of its fields that hold them, and passwords within URLs. A collector that reads it keeps the text as it is, so a
 * job with secrets works over a connection that may carry them only.
 */
final class Secrets {
    private static final String MASK = "<secret>";

    /** The fields of Prometheus's configuration of type Secret, and {@code secrets} of {@code http_headers}. */
    private static final Set<String> FIELDS = Set.of(
            "password",
            "credentials",
            "client_secret",
            "client_certificate_key",
            "bearer_token",
            "secrets",
            "key",
            "token",
            "secret_key",
            "api_key",
            "application_credential_secret",
            "tenant_secret",
            "auth_token");

    private Secrets() {}

    static Map<String, Object> masked(Map<String, Object> settings) {
        Map<String, Object> masked = new LinkedHashMap<>();
        settings.forEach((name, value) -> masked.put(name, of(name, value)));
        return masked;
    }

    private static Object of(String name, Object value) {
        if (name.equals("params") || name.equals("relabel_configs") || name.equals("metric_relabel_configs")) {
            return value;
        }
        return Objects.requireNonNullElse(mask(name, value), "");
    }

    private static @Nullable Object mask(String name, @Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> map -> {
                Map<String, @Nullable Object> masked = new LinkedHashMap<>();
                map.forEach((key, inner) -> masked.put(String.valueOf(key), mask(String.valueOf(key), inner)));
                yield masked;
            }
            case List<?> list -> {
                List<@Nullable Object> masked = new ArrayList<>();
                list.forEach(item -> masked.add(mask(name, item)));
                yield masked;
            }
            case Object secret when FIELDS.contains(name) -> secret.toString().isEmpty() ? "" : MASK;
            case String url when url.contains("://") -> url.replaceFirst("(://[^/@:]*):[^/@]*@", "$1:xxxxx@");
            default -> value;
        };
    }
}
