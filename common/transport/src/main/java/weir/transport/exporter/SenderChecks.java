package weir.transport.exporter;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import weir.config.Checked.Complaints;
import weir.config.Secret;

/** What the OTLP clients' options have to satisfy alike. */
public final class SenderChecks {
    /** RFC 9110's tokens. */
    private static final Pattern NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

    private static final Pattern VALUE = Pattern.compile("[\\x20-\\x7e\\t]*");

    /** Headers that say how the message itself lies, which is the client's to say. */
    private static final Set<String> RESERVED = Set.of(
            "content-length",
            "content-type",
            "content-encoding",
            "transfer-encoding",
            "connection",
            "te",
            "user-agent");

    private SenderChecks() {}

    /** Names and values of headers; the values are secrets and are not repeated. */
    public static void headers(Complaints complaints, Map<String, Secret> headers) {
        headers.forEach((name, value) -> {
            String option = "headers." + name;
            String lower = name.toLowerCase(Locale.ROOT);
            if (!NAME.matcher(name).matches()) {
                complaints.error(option, "\"" + name + "\" cannot be the name of a header");
            } else if (RESERVED.contains(lower) || lower.startsWith("grpc-") || lower.endsWith("-bin")) {
                complaints.error(option, "the header " + lower + " is set by Weir itself; remove it");
            }
            if (!VALUE.matcher(value.reveal()).matches()) {
                complaints.error(
                        option,
                        "its value holds characters that a header cannot, such as a line break; is a file's"
                                + " last line break in it?");
            }
        });
    }

    public static void timeout(Complaints complaints, Duration timeout) {
        if (!timeout.isPositive()) {
            complaints.error("timeout", "must be more than 0s: a try without an end would hold its batch for ever");
        }
    }

    public static void oneOf(Complaints complaints, String option, String value, List<String> known) {
        if (!known.contains(value)) {
            complaints.error(option, "\"" + value + "\" is not one of " + String.join(", ", known));
        }
    }
}
