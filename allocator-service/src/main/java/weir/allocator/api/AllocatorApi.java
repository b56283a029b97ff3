package weir.allocator.api;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import weir.allocator.targets.Allocation;
import weir.allocator.targets.Assignment;
import weir.allocator.targets.ScrapeJob;
import weir.allocator.targets.Target;

/**
 * Answers as the OpenTelemetry Target Allocator does.
 *
 * <pre>
 * /scrape_configs                     {job: scrape config}, secrets masked
 * /jobs                               {job: {"_link": "/jobs/job/targets"}}
 * /jobs/{job}/targets                 {collector: {"_link": ..., "targets": [...]}}
 * /jobs/{job}/targets?collector_id=C  [{"targets": ["host:port"], "labels": {...}}]   Prometheus HTTP SD
 * /livez, /readyz                     200 or 503 without a body
 * </pre>
 *
 * One thing differs: before there is a configuration everything but {@code /livez} is refused with 503 and a sentence. Clients
 * do not look at the status of {@code /scrape_configs} and read its body as YAML; an empty one would make them drop
 * all their jobs, a sentence is no mapping and leaves them as they are.
 *
 * <p>Any thread may ask. What is served is read once per request.
 */
public final class AllocatorApi {
    private static final String JOBS = "/jobs/";
    private static final String TARGETS = "/targets";

    private final Supplier<@Nullable Assignment> current;

    /** @param current what to serve; null until there is a first configuration */
    public AllocatorApi(Supplier<@Nullable Assignment> current) {
        this.current = current;
    }

    public Response answer(Request request) {
        if (!request.method().equals("GET") && !request.method().equals("HEAD")) {
            return Response.text(405, "only GET is answered here\n");
        }
        if (request.path().equals("/livez")) {
            return Response.empty(200);
        }
        Assignment served = current.get();
        if (served == null) {
            return request.path().equals("/readyz")
                    ? Response.empty(503)
                    : Response.text(503, "not ready, there is no configuration yet");
        }
        return switch (request.path()) {
            case "/readyz" -> Response.empty(200);
            case "/scrape_configs" -> scrapeConfigs(served);
            case "/jobs" -> jobs(served.allocation());
            default -> {
                String path = request.path();
                yield path.startsWith(JOBS) && path.endsWith(TARGETS) && path.length() > (JOBS + TARGETS).length() - 1
                        ? targets(served.allocation(), request)
                        : Response.text(404, "no such page; see /scrape_configs and /jobs\n");
            }
        };
    }

    /** Whether a job has secrets, which are not handed out. */
    public static boolean hasSecrets(ScrapeJob job) {
        return !Secrets.masked(job.settings()).equals(job.settings());
    }

    private static Response scrapeConfigs(Assignment served) {
        Map<String, Object> configs = new TreeMap<>();
        served.jobs().forEach((name, job) -> configs.put(name, Secrets.masked(job.settings())));
        return Response.json(configs);
    }

    private static Response jobs(Allocation allocation) {
        Map<String, Object> links = new LinkedHashMap<>();
        allocation.byJob().keySet().forEach(job -> links.put(job, Map.of("_link", JOBS + encode(job) + TARGETS)));
        return Response.json(links);
    }

    private static Response targets(Allocation allocation, Request request) {
        String encoded = request.path().substring(JOBS.length(), request.path().length() - TARGETS.length());
        Optional<String> job = Request.decode(encoded);
        if (job.isEmpty()) {
            return Response.json(400, Map.of("error", "the job's name is not URL-encoded"));
        }
        Optional<String> collector = request.parameter("collector_id");
        if (collector.isPresent()) {
            return Response.json(groups(allocation.targets(job.get(), collector.get())));
        }
        Map<String, Object> all = new LinkedHashMap<>();
        for (String name : allocation.collectors()) {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("_link", JOBS + encode(job.get()) + TARGETS + "?collector_id=" + encode(name));
            one.put("targets", groups(allocation.targets(job.get(), name)));
            all.put(name, one);
        }
        return Response.json(all);
    }

    private static List<Map<String, Object>> groups(List<Target> targets) {
        return targets.stream().map(AllocatorApi::group).toList();
    }

    private static Map<String, Object> group(Target target) {
        Map<String, Object> group = new LinkedHashMap<>();
        group.put("targets", List.of(target.address()));
        group.put("labels", target.labels());
        return group;
    }

    /** As Go's QueryEscape does. */
    private static String encode(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("%7E", "~")
                .replace("*", "%2A");
    }
}
