package weir.launcher;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The command that asks running gateways what became of a trace, by the console of one of them. */
@Command(
        name = "why",
        mixinStandardHelpOptions = true,
        description = "Say why a trace was kept or dropped: 0 found, 1 not known, 2 could not look.")
final class Why implements Callable<Integer> {
    private static final int FOUND = 0;
    private static final int NOT_FOUND = 1;
    private static final int COULD_NOT_LOOK = 2;
    private static final Duration LIMIT = Duration.ofSeconds(5);

    /** Where {@code weir up} has the consoles of its gateways, each of which speaks for both. */
    private static final List<URI> LOCAL =
            List.of(URI.create("http://localhost:8085"), URI.create("http://localhost:8086"));

    @Parameters(paramLabel = "TRACE-ID", description = "32 hex digits.")
    private String traceId = "";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "The console of a gateway, which asks the others that it knows; else those of weir up:"
                    + " http://localhost:8085 and :8086.")
    private @Nullable URI console;

    @Option(names = "--json", description = "Print the answers as JSON, one in a line for each gateway.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        return ask(traceId, console == null ? LOCAL : List.of(console), json, System.out, System.err);
    }

    /** @param consoles of which the first that answers is asked */
    static int ask(String traceId, List<URI> consoles, boolean json, PrintStream out, PrintStream err)
            throws InterruptedException {
        if (!traceId.matches("[0-9a-fA-F]{32}")) {
            err.println("weir: '" + traceId + "' is no trace id, which has 32 hex digits");
            return COULD_NOT_LOOK;
        }
        try (HttpClient http =
                HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build()) {
            for (URI console : consoles) {
                try {
                    List<String> gateways =
                            names(get(http, console, "gateways", false).body());
                    return ask(http, console, gateways, traceId, json, out, err);
                } catch (IOException | IllegalArgumentException e) {
                    err.println("weir: no console of a gateway answers at " + console);
                }
            }
        }
        err.println("weir: weir up and a gateway's log say where its console is; name that by --url");
        return COULD_NOT_LOOK;
    }

    private static int ask(
            HttpClient http,
            URI console,
            List<String> gateways,
            String traceId,
            boolean json,
            PrintStream out,
            PrintStream err)
            throws InterruptedException {
        boolean found = false;
        boolean away = false;
        List<String> unknown = new ArrayList<>();
        for (String gateway : gateways) {
            String query = "why/" + traceId + "?gateway=" + URLEncoder.encode(gateway, StandardCharsets.UTF_8);
            try {
                HttpResponse<String> answer = get(http, console, query, !json);
                switch (answer.statusCode()) {
                    case 200 -> {
                        found = true;
                        out.println(answer.body().stripTrailing());
                    }
                    case 404 -> unknown.add(answer.body().stripTrailing());
                    default -> {
                        away = true;
                        err.println(
                                "weir: gateway " + gateway + " does not answer (status " + answer.statusCode() + ")");
                    }
                }
            } catch (IOException e) {
                away = true;
                err.println("weir: gateway " + gateway + " does not answer: " + e.getMessage());
            }
        }
        if (!found) {
            unknown.forEach(out::println);
        }
        return found ? FOUND : away ? COULD_NOT_LOOK : NOT_FOUND;
    }

    private static HttpResponse<String> get(HttpClient http, URI console, String path, boolean text)
            throws IOException, InterruptedException {
        URI uri = URI.create(console.toString().replaceAll("/+$", "") + "/api/v1/" + path);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(LIMIT)
                .header("Accept", text ? "text/plain" : "application/json")
                .build();
        return http.send(request, HttpResponse.BodyHandlers.ofString());
    }

    /** The gateways in a console's answer. */
    private static List<String> names(String body) throws IOException {
        List<String> names = new ArrayList<>();
        try (JsonParser parser = new JsonFactory().createParser(body)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING && "name".equals(parser.currentName())) {
                    names.add(parser.getText());
                }
            }
        }
        if (names.isEmpty()) {
            throw new IOException("this is no console");
        }
        return names;
    }
}
