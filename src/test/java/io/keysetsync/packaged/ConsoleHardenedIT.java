package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The console's page with what nobody hopes for: scripts in all that an API sends, and a thousand streams. */
class ConsoleHardenedIT {

    private static final String SCRIPT = "<img src=x onerror=window.ran=1><script>window.ran=1</script>";
    private static final String NAME = "<img src=x onerror=window.ran=1>";

    /** Multiplies the streams of the real answer, and takes the time. */
    private static final String THOUSAND =
            """
        const real = window.fetch;
        window.fetch = async (path, options) => {
          const answer = await real(path, options);
          if (!path.endsWith('api/streams')) return answer;
          const some = await answer.json();
          const all = Array.from({ length: 999 }, (_, i) => ({ ...some[i % some.length], stream: some[i % some.length].stream + ' #' + i }));
          return new Response(JSON.stringify(all), { headers: answer.headers });
        };
        const look = () => document.querySelector('table[aria-rowcount="1000"] tbody tr') ? window.shownAt = performance.now() : requestAnimationFrame(look);
        requestAnimationFrame(look);
        window.search = text => {
          const field = document.getElementById('search');
          const start = performance.now();
          field.value = text;
          field.dispatchEvent(new Event('input'));
          document.body.getBoundingClientRect();
          return performance.now() - start;
        };
        """;

    private final Feed feed = Feed.users(40);

    @TempDir
    private Path temp;

    private ScenarioApi api;
    private ScenarioApi failing;
    private Program program;
    private Running running;
    private Browser browser;

    /** A stream with hostile records, one with a hostile name, too, and one whose API fails in a hostile way. */
    @BeforeEach
    void start() {
        browser = Browser.open();
        feed.put(FeedRecord.user("x", "2024-01-01T00:39:10Z")
                .with("createdAt", SCRIPT)
                .with("job", SCRIPT));
        feed.put(FeedRecord.user("y", "2024-01-01T00:39:20Z").with("name", SCRIPT));
        api = ScenarioApi.of(feed).start();
        failing = ScenarioApi.of(feed)
                .always(Fault.json(200, "{\"errors\": \"" + SCRIPT + "\"}"))
                .start();
        program = Program.in(temp).with("sync.demo-api", false).with("sync.console.port", Browser.freePort());
        program.delete("routes/user.camel.yaml");
        write("customers", "customers", api);
        write("hostile", NAME, api);
        write("orders", "orders", failing);
        running = program.start("run");
        running.awaitStderr("customers: complete");
        running.awaitStderr("orders: failed");
        running.awaitStderr(NAME + ": complete");
        browser.show(program, running);
    }

    private void write(String file, String stream, ScenarioApi of) {
        program.stream(file, stream, of.url("/v77/" + file), "0 0 0 29 2 ?")
                .edit(
                        "routes/" + file + ".camel.yaml",
                        yaml -> yaml.replace(
                                "        initialCursor:",
                                "        errorField: errors\n        attempts: \"1\"\n        initialCursor:"));
    }

    @AfterEach
    void stop() {
        browser.close();
        program.close();
        api.close();
        failing.close();
    }

    @Test
    void nothingFromAnApiRunsAndNothingIsAskedOfAnotherHost() {
        browser.sees("tr[data-stream^='<img']", NAME)
                .sees("tr[data-stream=orders] .error", SCRIPT.substring(0, 20))
                .goTo("#/streams/orders")
                .sees(".trouble pre", SCRIPT)
                .goTo("#/streams/customers/rows")
                .sees("td", SCRIPT)
                .goTo("#/streams/customers/quarantine")
                .sees(".json mark", SCRIPT)
                .sees(".entry .reason", SCRIPT)
                .goTo("#/quarantine")
                .sees(".entries", NAME)
                .goTo("#/")
                .click("main", NAME)
                .sees("h1", NAME)
                .until("a bar", "document.querySelectorAll('.bars .complete').length === 1")
                .click(".head", "Reset cursor")
                .sees("dialog h2", NAME)
                .awaitUpdates(1);

        assertThat(browser.ask("window.ran")).isNull();
        assertThat(browser.ask("document.querySelectorAll('img[src=x], main script').length"))
                .isEqualTo(0L);
        assertThat(browser.complaints()).isEmpty();
        String own = browser.ask("location.origin") + "/";
        assertThat(browser.requests()).isNotEmpty().allMatch(url -> url.startsWith(own));
        assertThat(browser.ask("location.search")).isEqualTo("");
    }

    /** The real list, with each of its streams 333 times. A machine that is busy otherwise gets several tries. */
    @Test
    void aThousandStreamsAreShownAndSearchedWithinASecond() {
        browser.goTo("#/").as(1400, "light");
        await("shown within a second").atMost(Duration.ofMinutes(1)).until(() -> {
            browser.reload(THOUSAND).until("the list", "window.shownAt > 0");
            return milliseconds("window.shownAt") < 1000;
        });
        await("searched within a fifth of a second")
                .atMost(Duration.ofMinutes(1))
                .until(() -> {
                    milliseconds("window.search('')");
                    return milliseconds("window.search('#77')") < 200;
                });

        browser.sees("tr[data-stream$=' #77'] a", " #77");
        assertThat(browser.ask("document.querySelectorAll('tr[data-stream]').length"))
                .as("#77 and #770 to #779; the URLs have 77, too")
                .isEqualTo(11L);
    }

    private double milliseconds(String script) {
        return ((Number) browser.ask(script)).doubleValue();
    }
}
