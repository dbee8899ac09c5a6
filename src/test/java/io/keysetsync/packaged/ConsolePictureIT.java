package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's page as people see it; {@code -Dupdate.docs=true} keeps pictures of it for the documentation. */
class ConsolePictureIT {

    private static final boolean KEEPS = Boolean.getBoolean("update.docs");
    private static final int RUNS = KEEPS ? 32 : 2;
    private static final String SCHEDULE = KEEPS ? "0/4 * * * * ?" : "* * * * * ?";
    private static final int LARGEST_PICTURE = 200_000;
    private static final List<String> GOOD = List.of("customers", "invoices", "products", "refunds");

    private final List<ScenarioApi> apis = new ArrayList<>();

    @TempDir
    private Path temp;

    private Program program;
    private Browser browser;

    /** Four streams that get records with each run, and one whose API fails now and then, and in the end. */
    @BeforeEach
    void start() {
        browser = Browser.open();
        program = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.console.port", Browser.freePort())
                .withoutUser();
        GOOD.forEach(stream -> write(stream, growing(stream)));
        String refusal = "{\"error\": {\"message\": \"The key of this account has expired\"}}";
        write(
                "orders",
                growing("orders")
                        .onRequest(5, Fault.json(401, refusal))
                        .onRequest(19, Fault.json(401, refusal))
                        .fromRequest(KEEPS ? 3 * RUNS : RUNS + 1, Fault.json(401, refusal)));
        Running running = program.start("run");
        running.awaitStderr("orders: failed");
        Saved saved = Saved.in("jdbc:h2:file:" + program.folder().resolve("data/keyset-sync") + ";AUTO_SERVER=TRUE");
        await("runs").atMost(Duration.ofMinutes(10)).ignoreExceptions().until(() -> {
            List<String> statuses = saved.jdbc()
                    .queryForList(
                            "SELECT status FROM keyset_sync_run WHERE stream = 'orders' AND ended_at IS NOT NULL"
                                    + " ORDER BY started_at DESC",
                            String.class);
            return statuses.size() > RUNS && statuses.get(0).equals("failed");
        });
        browser.show(program, running).goTo("#/streams/orders").sees(".trouble", "The last run failed");
    }

    private void write(String stream, Scenario scenario) {
        ScenarioApi api = scenario.start();
        apis.add(api);
        program.stream(stream, stream, api.url("/v1/" + stream), SCHEDULE);
    }

    private static Scenario growing(String stream) {
        Feed feed = Feed.users(400);
        feed.put(FeedRecord.user("r-1042", "2024-01-01T06:39:10Z").with("createdAt", "31/12/2023"));
        Random random = new Random(stream.hashCode());
        return ScenarioApi.of(feed).pageSize(100).always((Feed live) -> {
            int more = random.nextInt(4) == 0 ? 0 : random.nextInt(120);
            for (int i = 0; i < more; i++) {
                live.put(FeedRecord.user(
                        "u" + random.nextInt(100_000),
                        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString()));
            }
        });
    }

    @AfterEach
    void stop() {
        browser.close();
        program.close();
        apis.forEach(ScenarioApi::close);
    }

    @Test
    void isLegibleInDarkAndLightOnAPhoneAndOnADesk() throws IOException {
        keep("docs/console.png", browser.as(1280, "light").awaitUpdates(2));
        keep("docs/console-streams.png", browser.goTo("#/").awaitUpdates(2));
        Object run = browser.askLater("const done = arguments[0]; fetch('api/streams/orders/runs?limit=1')"
                + ".then(answer => answer.json()).then(runs => done(runs[0].run_id))");
        List<String> views = List.of(
                "#/",
                "#/streams/orders",
                "#/streams/orders/runs/" + run,
                "#/streams/customers/rows",
                "#/streams/customers/quarantine",
                "#/quarantine");
        for (String view : views) {
            browser.goTo(view).awaitUpdates(1);
            for (String scheme : List.of("light", "dark")) {
                for (int width : new int[] {1400, 400}) {
                    browser.as(width, scheme);
                    assertThat(browser.ask("document.documentElement.scrollWidth <= innerWidth"))
                            .as("%s at %d pixels needs no scrolling sideways", view, width)
                            .isEqualTo(true);
                }
                assertThat(problems()).as(view + " in " + scheme).isEmpty();
            }
        }
    }

    /** What axe-core finds: contrast, names, roles. */
    private List<?> problems() throws IOException {
        try (InputStream axe = Objects.requireNonNull(ConsolePictureIT.class.getResourceAsStream("/axe.min.js"))) {
            browser.run(new String(axe.readAllBytes(), StandardCharsets.UTF_8));
        }
        return (List<?>)
                browser.askLater(
                        "const done = arguments[0]; axe.run().then(result =>"
                                + " done(result.violations.map(each => each.id + ': ' + each.nodes.map(node => node.html).join(' '))))");
    }

    private static void keep(String file, Browser shown) throws IOException {
        if (KEEPS) {
            byte[] picture = shown.screenshot();
            assertThat(picture).hasSizeLessThan(LARGEST_PICTURE);
            Files.write(Path.of(file), picture);
        }
    }
}
