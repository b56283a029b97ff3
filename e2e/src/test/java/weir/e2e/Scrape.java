package weir.e2e;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A page of metrics in Prometheus' text format, as samples. */
record Scrape(String text, List<Sample> samples) {
    record Sample(String name, Map<String, String> labels, double value) {}

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? (\\S+)(?: -?\\d+)?");
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\",?");

    /** Fetches a page; any status but 200 is an error. */
    static String get(String url) throws IOException, InterruptedException {
        HttpResponse<String> response = await(CLIENT.sendAsync(
                HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.ofString()));
        if (response.statusCode() != 200) {
            throw new IOException(url + " answered " + response.statusCode() + ": " + response.body());
        }
        return response.body();
    }

    /** A request's own timeout ends with the head of the answer, and would wait for a body that does not come. */
    private static <T> T await(CompletableFuture<T> answer) throws IOException, InterruptedException {
        try {
            return answer.get(10, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            answer.cancel(true);
            throw new IOException("no answer within 10 s", e);
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    static Scrape of(String url) throws IOException, InterruptedException {
        String text = get(url);
        List<Sample> samples = new ArrayList<>();
        for (String line : text.lines().toList()) {
            Matcher m = LINE.matcher(line);
            if (line.startsWith("#") || !m.matches()) {
                continue;
            }
            Map<String, String> labels = new HashMap<>();
            if (m.group(2) != null) {
                Matcher l = LABEL.matcher(m.group(2));
                while (l.find()) {
                    labels.put(l.group(1), l.group(2));
                }
            }
            double value = m.group(3).equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(m.group(3));
            samples.add(new Sample(m.group(1), labels, value));
        }
        return new Scrape(text, samples);
    }

    /** The sum of the samples of a name whose labels hold all of these (name, value, name, value). */
    double sum(String name, String... labels) {
        return samples.stream()
                .filter(s -> s.name().equals(name))
                .filter(s -> {
                    for (int i = 0; i < labels.length; i += 2) {
                        if (!labels[i + 1].equals(s.labels().get(labels[i]))) {
                            return false;
                        }
                    }
                    return true;
                })
                .mapToDouble(Sample::value)
                .sum();
    }

    /**
     * What each account of the ledger is off by: received + recovered - delivered - dropped - refused - held. Empty when all
     * balance.
     */
    Map<String, Double> imbalance() {
        Map<String, Double> off = new HashMap<>();
        for (Sample s : samples) {
            int sign = switch (s.name()) {
                case "weir_ledger_received_items_total", "weir_ledger_recovered_items_total" -> 1;
                case "weir_ledger_delivered_items_total",
                        "weir_ledger_dropped_items_total",
                        "weir_ledger_refused_items_total",
                        "weir_ledger_held_items" -> -1;
                default -> 0;
            };
            if (sign != 0) {
                String account = s.labels().get("kind") + " " + s.labels().get("component") + " "
                        + s.labels().get("signal");
                off.merge(account, sign * s.value(), Double::sum);
            }
        }
        off.values().removeIf(v -> v == 0);
        return off;
    }
}
