package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.Keys;

/** The console's page, as a person uses it: what they click, and what the database then has. */
class ConsolePageIT extends OverAnApi {

    private static final String LATEST = "2024-01-01T00:24:00Z";

    private Browser browser;

    ConsolePageIT() {
        super(25);
    }

    @BeforeEach
    void openBrowser() {
        browser = Browser.open();
        program.with("sync.console.port", Browser.freePort());
    }

    @AfterEach
    void closeBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    /** Runs the program until its first sync is over, and shows its stream. */
    private Running show(String... command) {
        Running running = program.start(command);
        running.awaitStderr("user: ");
        browser.show(program, running).click("main", "user").sees("h1", "user");
        return running;
    }

    @Test
    void runNowSavesWhatIsNew() {
        show("run");
        browser.sees(".badge", "complete");
        feed.put(FeedRecord.user("new", "2024-06-01T00:00:00Z"));

        browser.click(".head", "Run now");

        beside().awaitRows(26);
        browser.until("two runs", "document.querySelectorAll('.bars .bar.complete').length === 2")
                .sees(".facts", "2024-06-01T00:00:00Z")
                .click(".tabs", "Rows")
                .sees("tbody tr:first-child", "usernew@example.com");
        assertThat(browser.complaints()).isEmpty();
    }

    @Test
    void aPausedStreamRunsNoMoreUntilItIsResumed() {
        program.with("sync.user.schedule", "* * * * * ?");
        show("run");
        browser.click(".head", "Pause").sees(".badge", "paused");
        await("the run under way ends").until(() -> !beside().statuses().contains("running"));
        int runs = beside().runs().size();
        feed.put(FeedRecord.user("new", "2024-06-01T00:00:00Z"));
        browser.awaitUpdates(2);
        assertThat(beside().runs()).hasSize(runs);
        assertThat(beside().count()).isEqualTo(25);

        browser.click(".head", "Resume");
        beside().awaitRows(26);
        browser.click(".head", "Pause").sees(".badge", "paused");
    }

    @Test
    void aFailingStreamSaysWhyAndWhatToDo() {
        api.change(scenario -> scenario.always(Fault.json(200, "{\"items\": [], \"next\": null}")));
        program.parameter("attempts", "1");
        Running running = program.start("run");
        running.awaitStderr("user: failed");
        String error = await("H2, which the program has closed and opens again")
                .ignoreExceptions()
                .until(() -> beside().runs().get(0).error(), Objects::nonNull);
        browser.show(program, running)
                .sees("tr[data-stream=user]", "failed")
                .sees("tr[data-stream=user]", "the response has no 'data'");

        browser.click(".filters", "failed")
                .click("main", "user")
                .sees(".trouble", "The last run failed")
                .sees(".trouble pre", error);

        api.change(scenario -> scenario.always(Fault.none()));
        browser.click(".head", "Run now")
                .sees("h1 + .badge", "complete")
                .until("no trouble", "!document.querySelector('.trouble')");
        beside().awaitRows(25);
        browser.click(".bars", "").sees(".run", error);
    }

    @Test
    void aRecordIsSavedByARetryAfterTheSchemaWasMended() {
        feed.put(FeedRecord.user("x", "2024-01-01T00:23:30Z").with("createdAt", "yesterday"));
        feed.put(FeedRecord.user("y", "2024-01-01T00:23:31Z").with("createdAt", "last week"));
        Running running = show("run", "--dev");
        beside().awaitRows(25);
        browser.click(".tabs", "Quarantine").sees(".entries", "yesterday").sees(".entries", "last week");
        browser.type("/")
                .type("YESTERDAY")
                .sees(".tools", "1 record")
                .sees(".json mark", "\"createdAt\": \"yesterday\"");

        int logged = running.stderr().length();
        beside().jdbc().execute("ALTER TABLE \"user\" ALTER COLUMN \"createdAt\" SET DATA TYPE CHARACTER VARYING");
        program.edit(
                "routes/user.schema.json",
                schema -> schema.replace("\"createdAt\": \"UTC_DATETIME\"", "\"createdAt\": \"STRING\""));
        running.awaitStderr("user: complete", logged);
        browser.awaitUpdates(2) // of the restarted program
                .click(".entry", "Retry")
                .sees("#notice", "1 record tried: 1 upserted");

        assertThat(beside().jdbc()
                        .queryForObject("SELECT \"createdAt\" FROM \"user\" WHERE \"id\" = 'x'", String.class))
                .isEqualTo("yesterday");
        assertThat(beside().jdbc().queryForList("SELECT record FROM keyset_sync_quarantine", String.class))
                .singleElement()
                .asString()
                .contains("last week");
        assertThat(beside().cursor()).isEqualTo(LATEST);

        browser.type(Keys.ESCAPE).goTo("#/streams/user/quarantine").sees(".entries", "last week");
        browser.click(".entry", "Drop").sees("dialog", "Drop 1 record?").type(Keys.ESCAPE);
        assertThat(quarantined()).isEqualTo(1);
        browser.click(".entry", "Drop").click("dialog", "Drop").sees("#notice", "1 record dropped");
        assertThat(quarantined()).isZero();
        browser.sees("No record is in quarantine");
    }

    private long quarantined() {
        return beside().jdbc().queryForObject("SELECT COUNT(*) FROM keyset_sync_quarantine", Long.class);
    }

    @Test
    void aResetSaysWhatTheNextRunWillAskForAndThatRunAsksForIt() {
        show("run");
        browser.sees(".facts", LATEST)
                .click(".head", "Reset cursor")
                .sees("dialog .next-request", "0001-01-01T00:00:00Z");
        String promised = browser.text("dialog pre");
        browser.type(Keys.ESCAPE);
        assertThat(beside().cursor()).isEqualTo(LATEST);

        browser.click(".head", "Reset cursor").click("dialog", "Reset cursor").sees(".facts", "none");
        assertThat(beside().cursor()).isNull();
        int asked = api.requests().size();
        browser.click(".head", "Run now");
        await("the cursor is there again").until(() -> LATEST.equals(beside().cursor()));

        assertThat(api.requests().get(asked).parameter("updated_since")).isEqualTo("0001-01-01T00:00:00Z");
        assertThat(promised).isEqualTo("GET " + api.url() + "?updated_since=0001-01-01T00%3A00%3A00Z");
        assertThat(beside().runs()).last().extracting(run -> run.unchanged()).isEqualTo(25L);
        assertThat(beside().rows()).isEqualTo(Saved.truth(feed));
    }

    @Test
    void aCursorIsSetOnlyIfItCanBeReadAndUpdatesDisturbNoDialog() {
        Gate gate = new Gate();
        show("run");
        browser.click(".head", "Set cursor")
                .sees("dialog", LATEST)
                .retype("yesterday")
                .sees("dialog .error", "yesterday");
        assertThat(browser.canClick("dialog", "Set cursor")).isFalse();

        browser.retype("2024-01-01T00:20:00Z").sees("dialog", "what changed since 2024-01-01T00:20:00Z");
        browser.awaitUpdates(2);
        assertThat(browser.ask("document.activeElement.value")).isEqualTo("2024-01-01T00:20:00Z");
        browser.type(Keys.ENTER).sees(".facts", "2024-01-01T00:20:00Z");
        assertThat(beside().cursor()).isEqualTo("2024-01-01T00:20:00Z");

        api.change(scenario -> scenario.onRequest(api.requests().size() + 1, gate));
        browser.click(".head", "Run now");
        gate.awaitArrival();
        browser.sees("h1 + .badge", "running");
        gate.open();
        browser.sees("h1 + .badge", "complete");
        assertThat(beside().cursor()).isEqualTo(LATEST);
    }

    @Test
    void theProgramsEndIsSaidAndAfterItsStartTheLinkIsNeeded() {
        Running running = show("run");
        running.signal("TERM");
        browser.sees("#banner", "No connection.").sees(".facts", LATEST);
        assertThat(running.end().code()).isZero();

        Running next = program.start("run");
        browser.sees("#banner", "keyset-sync console");
        next.awaitStderr("user: complete");
        browser.show(program, next).until("no banner", "document.getElementById('banner').textContent.trim() === ''");
    }

    @Test
    void theDatabasesEndIsSaidAndThePageContinuesByItself() throws IOException {
        Path data = temp.resolve("postgres");
        EmbeddedPostgres database = postgres(data).start();
        String url = database.getJdbcUrl("postgres", "postgres");
        program.with("sync.database.url", url);
        show("run");
        browser.sees(".facts", LATEST);
        database.close();
        browser.sees("#banner", "The database is away.").sees(".facts", LATEST);

        try (EmbeddedPostgres again = postgres(data).setPort(database.getPort()).start()) {
            browser.until("no banner", "document.getElementById('banner').textContent.trim() === ''");
            feed.put(FeedRecord.user("new", "2024-06-01T00:00:00Z"));
            browser.click(".head", "Run now");
            Saved.in(again.getJdbcUrl("postgres", "postgres")).awaitRows(26);
            browser.sees(".facts", "2024-06-01T00:00:00Z");
        }
    }

    private static EmbeddedPostgres.Builder postgres(Path data) {
        return EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(false);
    }
}
