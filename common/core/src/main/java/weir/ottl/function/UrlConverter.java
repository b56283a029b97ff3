package weir.ottl.function;

import java.net.URI;
import java.net.URISyntaxException;
import org.jspecify.annotations.Nullable;
import weir.otlp.Fields;
import weir.otlp.Output;
import weir.ottl.OttlException;
import weir.ottl.Value;
import weir.ottl.Value.Kind;

/** {@code URL}: the parts of a URL as a map, by the names of OpenTelemetry's conventions. */
final class UrlConverter {
    private UrlConverter() {}

    static <T> void addTo(Family<T> family) {
        family.change("URL", "url", UrlConverter::parse);
    }

    private static void parse(Value value, Value into) {
        String text = Family.text(value);
        URI uri;
        try {
            uri = new URI(text);
        } catch (URISyntaxException e) {
            throw new OttlException("the text is no URL");
        }
        Output out = into.begin();
        PatternConverters.entry("url.original", text, out);
        PatternConverters.entry("url.domain", uri.getHost() == null ? "" : uri.getHost(), out);
        PatternConverters.entry("url.scheme", uri.getScheme() == null ? "" : uri.getScheme(), out);
        PatternConverters.entry("url.path", uri.getPath() == null ? "" : uri.getPath(), out);
        entry("url.query", uri.getRawQuery(), out);
        entry("url.fragment", uri.getFragment(), out);
        if (uri.getPort() >= 0) {
            int mark = out.begin(Fields.VALUES);
            out.field(1, "url.port");
            int inner = out.begin(2);
            out.varint(3, uri.getPort());
            out.end(inner).end(mark);
        }
        String path = uri.getPath() == null ? "" : uri.getPath();
        int dot = path.lastIndexOf('.');
        if (dot > path.lastIndexOf('/')) {
            entry("url.extension", path.substring(dot + 1), out);
        }
        String user = uri.getUserInfo();
        if (user != null) {
            int colon = user.indexOf(':');
            entry("url.user_info", user, out);
            entry("url.username", colon < 0 ? user : user.substring(0, colon), out);
            entry("url.password", colon < 0 ? null : user.substring(colon + 1), out);
        }
        into.finish(Kind.MAP);
    }

    private static void entry(String key, @Nullable String text, Output out) {
        if (text != null && !text.isEmpty()) {
            PatternConverters.entry(key, text, out);
        }
    }
}
