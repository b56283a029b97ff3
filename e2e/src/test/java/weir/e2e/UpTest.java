package weir.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The newcomer's first minute: {@code ./weir up}, and what a browser then shows. */
class UpTest {
    private static final Pattern CONSOLE = Pattern.compile("console\\s+(http://localhost:\\d+)");
    private static final Pattern AGENT_HTTP = Pattern.compile("agent .* :(\\d+) \\(OTLP/HTTP\\)");
    private static final Pattern GATEWAY_TELEMETRY = Pattern.compile("gateway g1 .* telemetry :(\\d+)");
    private static final Pattern DECISION = Pattern.compile("\"traceId\":\"(\\w{32})\",\"kept\":(\\w+)");
    private static final Duration FIRST_MINUTE = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    /** Where tests run in the background a shell has them ignore Ctrl-C, and all that they start. */
    private Program up() {
        return new Program(
                "weir-up",
                directory,
                List.of(
                        "env",
                        "--default-signal=INT",
                        Program.ROOT.resolve("weir").toString(),
                        "up"),
                Map.of());
    }

    private static String console(Program up) {
        Await.until(
                "the banner", FIRST_MINUTE, () -> CONSOLE.matcher(up.stdout()).find(), () -> up.stdout() + up.stderr());
        Matcher matcher = CONSOLE.matcher(up.stdout());
        assertThat(matcher.find()).isTrue();
        return matcher.group(1);
    }

    @Test
    void up_decidesRealTraces_keepsStderrEmpty_andEndsOnCtrlC() throws Exception {
        try (Program up = up()) {
            String console = console(up);
            Await.until(
                    "a kept trace with its policy",
                    FIRST_MINUTE,
                    () -> {
                        String decisions = Scrape.get(console + "/api/v1/decisions?after=0&limit=500");
                        return decisions.contains("\"kept\":true") && decisions.contains("\"kept\":false");
                    },
                    up::stdout);
            aTraceIsExplained_whetherKeptOrDropped(console);
            aLogSentToTheAgent_reachesAGateway(up.stdout());
            long begin = System.nanoTime();
            assertThat(up.interrupt(Duration.ofSeconds(30))).isZero();
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
            assertThat(up.stderr()).isEmpty();
            assertThat(up.stdout().lines().count()).as(up.stdout()).isLessThan(20);
        }
    }

    /** Of a gateway other than the one that is asked, too. */
    private void aTraceIsExplained_whetherKeptOrDropped(String console) throws Exception {
        for (String gateway : List.of("g1", "g2")) {
            Matcher decision =
                    DECISION.matcher(Scrape.get(console + "/api/v1/decisions?after=0&limit=500&gateway=" + gateway));
            assertThat(decision.find()).isTrue();
            assertThat(why(console, decision.group(1), 0))
                    .startsWith(
                            gateway + " tail_sampling: " + (decision.group(2).equals("true") ? "kept" : "dropped"));
        }
        assertThat(why(console, "00000000000000000000000000000001", 1))
                .contains("g1 tail_sampling: not known")
                .contains("g2 tail_sampling: not known");
    }

    private String why(String console, String trace, int status) {
        try (Program why = new Program(
                "weir-why",
                directory,
                List.of(Program.ROOT.resolve("weir").toString(), "why", "--url", console, trace),
                Map.of())) {
            assertThat(why.await(FIRST_MINUTE)).as(why.stdout() + why.stderr()).isEqualTo(status);
            assertThat(why.stderr()).isEmpty();
            return why.stdout();
        }
    }

    /** The sample traffic has none, the pipeline files have their path. */
    private static void aLogSentToTheAgent_reachesAGateway(String banner) throws Exception {
        String log = "{\"resourceLogs\":[{\"scopeLogs\":[{\"logRecords\":[{\"body\":{\"stringValue\":\"x\"}}]}]}]}";
        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port(AGENT_HTTP, banner) + "/v1/logs"))
                                .header("Content-Type", "application/json")
                                .POST(HttpRequest.BodyPublishers.ofString(log))
                                .build(),
                        HttpResponse.BodyHandlers.discarding());
        assertThat(answer.statusCode()).isEqualTo(200);
        String metrics = "http://127.0.0.1:" + port(GATEWAY_TELEMETRY, banner) + "/metrics";
        Await.until(
                "the log record at the gateway's exporter",
                FIRST_MINUTE,
                () -> Scrape.of(metrics)
                                .sum("weir_ledger_delivered_items_total", "component", "debug", "signal", "logs")
                        >= 1, // at least once is what is promised
                () -> banner);
    }

    private static int port(Pattern where, String banner) {
        Matcher matcher = where.matcher(banner);
        assertThat(matcher.find()).as(banner).isTrue();
        return Integer.parseInt(matcher.group(1));
    }

    @Test
    @Tag("peers")
    void aBrowserShowsDecisionsFromBothGateways_andTheTimelineOfAKeptTrace() throws Exception {
        try (Program up = up()) {
            String console = console(up);
            long begin = System.nanoTime();
            ChromeDriver browser = browser();
            try {
                WebDriverWait wait = new WebDriverWait(browser, FIRST_MINUTE);
                browser.get(console + "/#decisions");
                By kept = By.cssSelector("[data-testid=decision][data-outcome=kept]");
                wait.until(ExpectedConditions.presenceOfElementLocated(kept));
                assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(FIRST_MINUTE);

                wait.until(driver -> driver.findElements(By.cssSelector("[data-testid=decision]")).stream()
                                .map(row -> row.getDomAttribute("data-gateway"))
                                .distinct()
                                .count()
                        == 2);
                wait.until(driver -> driver.findElements(By.cssSelector("[data-testid=decision][data-outcome=dropped]"))
                                .size()
                        > 3);
                browser.findElement(By.cssSelector("[data-testid=pause]")).click();
                WebElement row = browser.findElements(kept).stream()
                        .filter(r -> r.findElement(By.cssSelector("[data-testid=policy]"))
                                .getText()
                                .equals("errors"))
                        .findFirst()
                        .orElseGet(() -> browser.findElement(kept));
                assertThat(row.findElement(By.cssSelector("[data-testid=reason]"))
                                .getText())
                        .isNotBlank();
                row.click();
                wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("[data-testid=span]")));
                assertThat(browser.findElements(By.cssSelector("[data-testid=span]")))
                        .hasSizeGreaterThan(1);
                wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("[data-testid=vote].keep")));
                screenshot(browser);

                browser.findElement(By.cssSelector("[data-testid=nav-ledger]")).click();
                wait.until(ExpectedConditions.presenceOfElementLocated(By.cssSelector("[data-testid=difference]")));
                assertThat(browser.manage().logs().get("browser").getAll())
                        .as("errors in the browser's console")
                        .isEmpty();
            } finally {
                browser.quit();
            }
            assertThat(up.interrupt(Duration.ofSeconds(30))).isZero();
            assertThat(up.stderr()).isEmpty();
        }
    }

    private static ChromeDriver browser() {
        ChromeOptions options = new ChromeOptions();
        options.setBinary(onPath("chromium"));
        options.addArguments(
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--disable-dev-shm-usage");
        ChromeDriverService service = new ChromeDriverService.Builder()
                .usingDriverExecutable(Path.of(onPath("chromedriver")).toFile())
                .build();
        ChromeDriver browser = new ChromeDriver(service, options);
        browser.manage().window().setSize(new Dimension(1280, 800));
        return browser;
    }

    private static String onPath(String program) {
        for (String folder : System.getenv("PATH").split(":", -1)) {
            if (Files.isExecutable(Path.of(folder, program))) {
                return Path.of(folder, program).toString();
            }
        }
        throw new AssertionError(program + " is missing: install Debian's packages chromium and chromium-driver");
    }

    /** Kept as the README's picture with {@code -Dupdate.docs=true}. */
    private static void screenshot(ChromeDriver browser) throws Exception {
        Path taken = browser.getScreenshotAs(OutputType.FILE).toPath();
        assertThat(taken).isNotEmptyFile();
        if (Boolean.getBoolean("update.docs")) {
            Path picture = Program.ROOT.resolve("docs/images/console.png");
            Files.createDirectories(picture.getParent());
            Files.copy(taken, picture, StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
