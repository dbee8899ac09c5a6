package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.packaged.Saved.Run;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Request;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Edits of {@code routes/} while the program runs. */
class ReloadIT extends OverAnApi {

    private static final String STREAM = "routes/user.camel.yaml";
    private static final String SOURCE = "routes/keyset-sync-source.kamelet.yaml";
    private static final String EVERY_SECOND = "* * * * * ?";

    private static final String DROP_EMAIL =
            """
            - split:
                expression: {simple: {expression: "${body}"}}
                stopOnException: true
                steps:
                  - script: {expression: {simple: {expression: "${body.remove('email')}"}}}
            """;

    ReloadIT() {
        super(25);
    }

    @Override
    Scenario scenario() {
        return super.scenario().pageSize(10);
    }

    @BeforeEach
    void enable() {
        program.with("camel.main.routes-reload-enabled", true);
    }

    @Test
    void anEditInTheMiddleOfARunEndsItBeforeTheNextPageAndItsNewStepsGoOnFromTheCursor() {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start("run");
        gate.awaitArrival();
        program.edit(STREAM, ReloadIT::dropEmail);
        running.awaitStderr("user: complete");

        assertThat(running.stderr().lines().filter(line -> line.contains("user")))
                .as("interrupted, reloaded, and only then the next run")
                .map(line -> line.replaceAll("^\\S+ +\\w+ +|: \\d.*", ""))
                .containsExactly(
                        "user: page 1",
                        STREAM + ": reloading",
                        "user: interrupted",
                        STREAM + ": reloaded",
                        "user: page 1",
                        "user: page 2",
                        "user: complete");
        assertThat(beside().runs().get(0))
                .isEqualTo(new Run("interrupted", 1, 10, 10, 0, "stream user: its routes are being replaced"));
        assertThat(beside().statuses()).containsExactly("interrupted", "complete");
        assertThat(api.requests().get(2).parameter("updated_since")).isEqualTo("2024-01-01T00:08:00Z");
        assertHasEmails(beside(), 8);
        assertEndsWell(running);
    }

    @Test
    void anEditWhileAPageIsSavedWaitsForIt() throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            Saved saved = Saved.in(url);
            Gate gate = new Gate();
            api.change(scenario -> scenario.onRequest(2, gate));
            Running running = program.with("sync.database.url", url).start("run");
            gate.awaitArrival();
            try (Connection lock = DriverManager.getConnection(url);
                    Statement statement = lock.createStatement()) {
                lock.setAutoCommit(false);
                statement.execute(
                        "LOCK TABLE keyset_sync_cursor IN SHARE MODE"); // rows are written, the cursor not yet
                gate.open();
                await("the page waits for a lock").until(() -> saved.jdbc()
                        .queryForObject("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)", Boolean.class));
                program.edit(STREAM, ReloadIT::dropEmail);
                running.awaitStderr(STREAM + ": reloading");
                await("the page keeps its routes")
                        .during(Duration.ofMillis(500))
                        .until(() -> !running.stderr().contains(STREAM + ": reloaded") && saved.count() == 10);
                lock.rollback();
            }
            running.awaitStderr("user: complete");

            assertThat(saved.runs().get(0))
                    .isEqualTo(new Run("interrupted", 2, 20, 20, 0, "stream user: its routes are being replaced"));
            assertThat(saved.statuses()).containsExactly("interrupted", "complete");
            assertHasEmails(saved, 18);
            assertEndsWell(running);
        }
    }

    @Test
    void aBrokenEditIsALineAndAllStreamsGoOnUntilItIsMended() throws IOException {
        program.with("sync.user.schedule", EVERY_SECOND);
        addStream("member", EVERY_SECOND);
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        running.awaitStderr("member: complete");
        String good = Files.readString(program.folder().resolve(STREAM));

        program.edit(STREAM, yaml -> yaml.replace("\n      steps:", "\n     steps:"));
        running.awaitStderr(" ERROR ");
        feed.put(FeedRecord.user("26", "2024-01-02T00:00:00Z"));
        awaitRows(26, running);
        program.edit(STREAM, yaml -> good.replace("kamelet:jdbc-upsert-sink", "kamelet:jdbc-sink"));
        running.awaitStderr("no Kamelet 'jdbc-sink'");
        feed.put(FeedRecord.user("27", "2024-01-03T00:00:00Z"));
        awaitRows(27, running);
        replace(STREAM, dropEmail(good));
        running.awaitStderr(STREAM + ": reloaded");
        feed.put(FeedRecord.user("28", "2024-01-04T00:00:00Z"));
        awaitRows(28, running);

        assertThat(running.stderr().lines().filter(line -> line.contains(" ERROR ")))
                .hasSize(2)
                .first()
                .asString()
                .contains(
                        STREAM + ", line 13: ",
                        "expected <block end>, but found",
                        "check the spelling and the indentation",
                        "until then it goes on as before");
        assertThat(emails("user"))
                .as("saved by the old steps; the one at the cursor came again to the new ones")
                .isEqualTo(26);
        assertThat(emails("member")).isEqualTo(28);
        assertThat(beside().statuses()).doesNotContain("running", "failed", "fenced");
        assertThat(running.stderr()).doesNotContain("member.camel.yaml: reload");
        assertEndsWell(running);
    }

    @Test
    void anEditOfAKameletReachesAllStreamsThatUseItAndANewStreamBegins() throws IOException {
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        addStream("member", "0 0 0 29 2 ?");
        running.awaitStderr("member: complete");
        int before = api.requests().size();
        int untilThen = running.stderr().length();

        program.edit(
                SOURCE,
                yaml -> yaml.replaceFirst(
                        "( +)- bean:\n +id: pace\n", "$1- setHeader: {name: X-Tenant, constant: north}\n$0"));
        running.awaitStderr("user: complete", untilThen);
        running.awaitStderr("member: complete", untilThen);

        List<Request> since = api.requests().subList(before, api.requests().size());
        assertThat(since)
                .hasSize(2)
                .extracting(request -> request.header("X-Tenant"))
                .containsOnly("north");
        assertThat(since)
                .extracting(request -> request.parameter("updated_since"))
                .containsOnly("2024-01-01T00:24:00Z");
        assertThat(beside().statuses()).containsExactly("complete", "complete");
        assertThat(ids("member")).isEqualTo(25);
        assertEndsWell(running);
    }

    @Test
    void aNewStreamThatLacksASettingBeginsWhenThatIsThereAndEndsWithItsFile() throws IOException {
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        addStream("member", "{{sync.member.schedule}}");
        running.awaitStderr("the setting 'sync.member.schedule' has no value");
        program.edit("application.properties", settings -> settings + "sync.member.schedule = " + EVERY_SECOND + "\n");
        running.awaitStderr("member: complete");
        program.delete("routes/member.camel.yaml");
        running.awaitStderr("routes/member.camel.yaml: removed");
        feed.put(FeedRecord.user("26", "2024-01-02T00:00:00Z"));
        int untilThen = running.stderr().length();
        program.edit(STREAM, ReloadIT::dropEmail);
        running.awaitStderr("user: complete", untilThen);

        assertThat(ids("user")).isEqualTo(26);
        assertThat(ids("member")).isEqualTo(25);
        assertThat(beside().statuses()).containsExactly("complete", "complete");
        assertEndsWell(running);
    }

    @Test
    void otherCommandsDoNotWatch() {
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start("once");
        gate.awaitArrival();
        program.edit(STREAM, ReloadIT::dropEmail);
        gate.open();
        Ended ended = running.end();

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(ended.stderr()).doesNotContain(STREAM, "WARN");
        assertHasEmails(program.saved(), 25);
    }

    private static String dropEmail(String yaml) {
        return yaml.replace("      steps:\n", "      steps:\n" + DROP_EMAIL.indent(8));
    }

    private void addStream(String name, String schedule) throws IOException {
        String yaml = Files.readString(program.folder().resolve(STREAM));
        String schema = Files.readString(program.folder().resolve("routes/user.schema.json"));
        replace("routes/" + name + ".schema.json", schema.replace("\"user\"", "\"" + name + "\""));
        replace(
                "routes/" + name + ".camel.yaml",
                yaml.replaceAll("\\bid: (user|users|save-users)\\b", "id: " + name + "-$1")
                        .replace("stream: user", "stream: " + name)
                        .replace("user.schema.json", name + ".schema.json")
                        .replace("{{sync.user.schedule}}", schedule));
    }

    /** As many editors do: the whole file under another name first. */
    private void replace(String file, String text) throws IOException {
        Path path = program.folder().resolve(file);
        Path other = Files.writeString(path.resolveSibling("." + path.getFileName()), text);
        Files.move(other, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private void awaitRows(long count, Running running) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> assertThat(List.of(ids("user"), ids("member")))
                .as(running.stderr())
                .containsOnly(count));
    }

    private long ids(String table) {
        return beside().jdbc().queryForObject("SELECT COUNT(*) FROM \"" + table + "\"", Long.class);
    }

    private long emails(String table) {
        return beside().jdbc().queryForObject("SELECT COUNT(\"email\") FROM \"" + table + "\"", Long.class);
    }

    /** All rows are there, and so many of them were saved by the steps that kept the field. */
    private static void assertHasEmails(Saved saved, long count) {
        assertThat(saved.count()).isEqualTo(25);
        assertThat(saved.jdbc().queryForObject("SELECT COUNT(\"email\") FROM \"user\"", Long.class))
                .isEqualTo(count);
        assertThat(saved.cursor()).isEqualTo("2024-01-01T00:24:00Z");
    }

    private static void assertEndsWell(Running running) {
        running.signal("TERM");
        Ended ended = running.end(Duration.ofSeconds(10));
        assertThat(ended.code()).as(ended.stderr()).isZero();
    }
}
