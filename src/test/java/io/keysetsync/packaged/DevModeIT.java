package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.packaged.Saved.Run;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Scenario;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** {@code run --dev}: edits of the files while the program runs. */
class DevModeIT extends OverAnApi {

    private static final String STREAM = "routes/user.camel.yaml";
    private static final String SCHEMA = "routes/user.schema.json";
    private static final String MEMBER = "routes/member.camel.yaml";
    private static final String SETTINGS = "application.properties";
    private static final String VALID = ": edited; all streams end after the page at hand and start again";
    private static final String INVALID = "; until then everything continues as before";
    private static final String LATEST = "2024-01-01T00:24:00Z";

    DevModeIT() {
        super(25);
    }

    @Override
    Scenario scenario() {
        return super.scenario().pageSize(10);
    }

    @Test
    void aValidEditInTheMiddleOfARunEndsItAfterThePageAtHandAndTheNextRunUsesItFromTheCursorOn() {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start("run", "--dev");
        gate.awaitArrival();
        running.awaitStderr("user: page 1");
        program.parameter("query", "tenant=north");
        running.awaitStderr("user: complete");

        assertThat(running.stderr().lines())
                .map(line -> line.replaceAll("^\\S+ +\\w+ +|(?<=page \\d|interrupted|complete): .*", ""))
                .filteredOn(line -> !line.startsWith("console: "))
                .containsExactly(
                        "user: page 1",
                        STREAM + VALID,
                        "user: interrupted",
                        "user: page 1",
                        "user: page 2",
                        "user: complete");
        assertThat(beside().runs().get(0))
                .isEqualTo(new Run("interrupted", 1, 10, 10, 0, "stream user: the program is stopping"));
        assertThat(beside().statuses()).containsExactly("interrupted", "complete");
        assertThat(api.requests().get(2).parameter("updated_since")).isEqualTo("2024-01-01T00:08:00Z");
        assertThat(api.requests()).extracting(r -> r.parameter("tenant")).containsExactly(null, null, "north", "north");
        assertAllSaved(beside());
        assertEndsWell(running);
    }

    @Test
    void aStreamThatIsPausedStaysSoAfterAnEdit() throws Exception {
        Running running = program.start("run", "--dev");
        running.awaitStderr("user: complete");
        running.awaitStderr("console: http://");
        ConsoleClient console = ConsoleClient.of(program);
        console.post("/api/streams/user/pause");

        program.parameter("query", "tenant=north");
        running.awaitStderr(STREAM + VALID);
        String paused = "\"status\":\"paused\"";
        await("the next program")
                .ignoreExceptions()
                .until(() -> console.get("/api/streams"), json -> json.contains(paused));
        console.post("/api/streams/user/resume");
        console.post("/api/streams/user/run");

        await("the run by hand, and no other").until(() -> beside().statuses().equals(List.of("complete", "complete")));
        assertThat(console.get("/api/streams")).doesNotContain(paused);
        assertEndsWell(running);
    }

    @Test
    void anEditWhileAPageIsSavedWaitsForIt() throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            Saved saved = Saved.in(url);
            Gate gate = new Gate();
            api.change(scenario -> scenario.onRequest(2, gate));
            Running running = program.with("sync.database.url", url).start("run", "--dev");
            gate.awaitArrival();
            running.awaitStderr("user: page 1");
            try (Connection lock = DriverManager.getConnection(url);
                    Statement statement = lock.createStatement()) {
                lock.setAutoCommit(false);
                statement.execute(
                        "LOCK TABLE keyset_sync_cursor IN SHARE MODE"); // rows are written, the cursor not yet
                gate.open();
                await("the page waits for a lock").until(() -> saved.jdbc()
                        .queryForObject("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)", Boolean.class));
                program.parameter("query", "tenant=north");
                running.awaitStderr(VALID);
                await("the program waits for the page")
                        .during(Duration.ofMillis(500))
                        .until(() -> !running.stderr().contains("interrupted") && saved.count() == 10);
                lock.rollback();
            }
            running.awaitStderr("user: complete");

            assertThat(saved.runs().get(0))
                    .isEqualTo(new Run("interrupted", 2, 20, 20, 0, "stream user: the program is stopping"));
            assertThat(saved.statuses()).containsExactly("interrupted", "complete");
            assertThat(api.requests())
                    .extracting(request -> request.parameter("updated_since"))
                    .filteredOn(Objects::nonNull)
                    .element(1)
                    .isEqualTo("2024-01-01T00:18:00Z");
            assertAllSaved(saved);
            assertEndsWell(running);
        }
    }

    @Test
    void anInvalidEditIsOneLineAndTheRunUnderWayGoesOnUntilTheFileIsMended() throws IOException {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start("run", "--dev");
        gate.awaitArrival();
        running.awaitStderr("user: page 1");
        String good = Files.readString(program.folder().resolve(STREAM));
        program.edit(STREAM, yaml -> yaml.replace("\n      steps:", "\n     steps:"));
        running.awaitStderr(STREAM + ", line 14: ");
        program.edit(STREAM, yaml -> good.replace("kamelet:jdbc-upsert-sink", "kamelet:jdbc-sink"));
        running.awaitStderr("no Kamelet 'jdbc-sink'");
        program.edit(STREAM, yaml -> good.replaceFirst("stream: user\n", "stream: user\n        lookback: 5m\n"));
        running.awaitStderr("lookback '5m'");
        gate.open();
        running.awaitStderr("user: complete");

        assertThat(running.stderr().lines().filter(line -> !line.contains(" INFO ")))
                .hasSize(3)
                .allSatisfy(line -> assertThat(line).contains(" ERROR ").endsWith(INVALID));
        assertThat(beside().statuses()).containsExactly("complete");
        assertAllSaved(beside());

        int untilThen = running.stderr().length();
        replace(STREAM, good.replaceFirst("stream: user\n", "stream: user\n        query: tenant=north\n"));
        running.awaitStderr("user: complete", untilThen);

        assertThat(api.requests().get(3).parameter("tenant")).isEqualTo("north");
        assertThat(api.requests().get(3).parameter("updated_since")).isEqualTo(LATEST);
        assertEndsWell(running);
    }

    @Test
    void aSecondStreamBeginsWithItsFilesAndEndsWithThem() throws IOException {
        Running running = program.start("run", "--dev");
        running.awaitStderr("user: complete");
        String yaml = Files.readString(program.folder().resolve(STREAM));
        String schema = Files.readString(program.folder().resolve(SCHEMA));
        String otherIds = yaml.replaceAll("\\bid: (user|users|save-users)\\b", "id: member-$1");
        replace(MEMBER, otherIds);
        running.awaitStderr(MEMBER + ": stream 'user' has two routes");
        replace("routes/member.schema.json", schema.replace("\"user\"", "\"member\""));
        replace(MEMBER, otherIds.replace("stream: user", "stream: member").replace("user.schema", "member.schema"));
        running.awaitStderr("member: complete");
        running.awaitStderr("user: complete", running.stderr().indexOf(VALID));
        int untilThen = running.stderr().length();
        program.delete(MEMBER);
        feed.put(FeedRecord.user("26", "2024-01-02T00:00:00Z"));
        running.awaitStderr("user: complete", untilThen);

        assertThat(running.stderr().substring(untilThen))
                .contains(MEMBER + VALID)
                .doesNotContain("member: ");
        assertThat(ids("member")).isEqualTo(25);
        assertThat(ids("user")).isEqualTo(26);
        assertThat(beside().statuses()).containsExactly("complete", "complete", "complete");
        assertEndsWell(running);
    }

    @Test
    void schemaKameletAndSettingsTakeEffect() throws IOException {
        program.edit(SETTINGS, settings -> settings + "sync.user.query = tenant=north\n");
        program.parameter("query", "{{sync.user.query}}");
        Running running = program.start("run", "--dev");
        running.awaitStderr("user: complete");

        int untilThen = running.stderr().length();
        program.edit(SCHEMA, schema -> schema.replace("\"table\": \"user\"", "\"table\": \"people\""));
        running.awaitStderr("belongs to the table 'user', which is now 'people'", untilThen);
        assertThat(program.run("state", "reset", "user").code()).isZero();

        untilThen = running.stderr().length();
        int before = api.requests().size();
        program.edit(SETTINGS, settings -> settings.replace("tenant=north", "tenant=south"));
        program.edit(
                "routes/keyset-sync-source.kamelet.yaml",
                yaml -> yaml.replaceFirst(
                        "( +)- bean:\n +id: pace\n", "$1- setHeader: {name: X-Tenant, constant: south}\n$0"));
        running.awaitStderr("user: complete", untilThen);
        assertThat(running.stderr().substring(untilThen))
                .as("edits that belong together")
                .containsOnlyOnce(VALID);
        assertThat(api.requests().get(before).parameter("tenant")).isEqualTo("south");
        assertThat(api.requests().get(before).header("X-Tenant")).isEqualTo("south");
        assertThat(ids("people")).isEqualTo(25);
        assertThat(beside().cursor()).isEqualTo(LATEST);

        untilThen = running.stderr().length();
        program.edit(SCHEMA, schema -> schema.replace("\"people\"", "\"user\""));
        program.edit(SETTINGS, settings -> settings.replace("data/keyset-sync", "data/other"));
        running.awaitStderr("user: complete", untilThen);
        assertEndsWell(running);
        assertAllSaved(Saved.in("jdbc:h2:file:" + program.folder().resolve("data/other")));
    }

    @Test
    void aStopDuringARestartEndsTheProgram() {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start("run", "--dev");
        gate.awaitArrival();
        running.awaitStderr("user: page 1");
        program.parameter("query", "tenant=north");
        running.awaitStderr(VALID);
        assertEndsWell(running);

        assertThat(running.stderr()).doesNotContain("ERROR");
        assertThat(program.saved().statuses()).startsWith("interrupted").doesNotContain("running");
        assertThat(program.run("once").code()).isZero();
        assertAllSaved(program.saved());
    }

    @Test
    void withoutTheOptionNothingIsTakenOver() {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start("run");
        gate.awaitArrival();
        running.awaitStderr("user: page 1");
        program.parameter("query", "tenant=north");
        await("nothing happens").during(Duration.ofSeconds(2)).until(() -> !running.stderr()
                .contains(STREAM));
        gate.open();
        running.awaitStderr("user: complete");

        assertThat(api.requests()).extracting(r -> r.parameter("tenant")).containsOnlyNulls();
        assertThat(beside().statuses()).containsExactly("complete");
        assertEndsWell(running);
    }

    @Test
    void camelsOwnReloadIsRefusedInTheEnvironmentToo() {
        Ended ended =
                program.environment("CAMEL_MAIN_ROUTES_RELOAD_ENABLED", "true").run("run", "--dev");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.stderr().lines())
                .singleElement()
                .asString()
                .contains("camel.main.routes-reload-enabled 'true'", "run --dev");
    }

    /** As many editors do: the whole file under another name first. */
    private void replace(String file, String text) throws IOException {
        Path path = program.folder().resolve(file);
        Path other = Files.writeString(path.resolveSibling("." + path.getFileName()), text);
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private long ids(String table) {
        return beside().jdbc().queryForObject("SELECT COUNT(*) FROM \"" + table + "\"", Long.class);
    }

    private void assertAllSaved(Saved saved) {
        assertThat(saved.rows()).isEqualTo(Saved.truth(feed));
        assertThat(saved.cursor()).isEqualTo(LATEST);
    }

    private static void assertEndsWell(Running running) {
        running.signal("TERM");
        Ended ended = running.end(Duration.ofSeconds(10));
        assertThat(ended.code()).as(ended.stderr()).isZero();
    }
}
