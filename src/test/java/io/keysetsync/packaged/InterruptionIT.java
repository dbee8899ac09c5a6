package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.StallingProxy;
import io.keysetsync.sync.TestDatabase;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What takes a run's process, database or disk away, or only its time: the page is whole or absent, and a line says so. */
class InterruptionIT {

    /** What a service manager, or Docker, grants before it kills. */
    private static final Duration SHUTDOWN = Duration.ofSeconds(10);

    private final Feed feed = Feed.users(150);

    @TempDir
    private Path temp;

    private Program program;
    private ScenarioApi api;

    @BeforeEach
    void start() {
        api = ScenarioApi.of(feed).start();
        program = Program.in(temp).with("sync.demo-api", false).with("sync.user.url", api.url());
    }

    @AfterEach
    void stop() {
        program.close();
        api.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "run"})
    void aStopDuringARequestBreaksItOff(String command) {
        Gate gate = new Gate();
        Running running = startedUpToPage2(command, gate);
        running.signal("TERM");

        Ended ended = running.end(SHUTDOWN);

        assertThat(ended.code()).isEqualTo(command.equals("run") ? 0 : 1);
        saysInterrupted(ended);
        assertThat(program.saved().count()).isEqualTo(50);
        assertThat(program.saved().statuses()).containsExactly("interrupted");
        goesOnToTheEnd("2024-01-01T00:48:00Z", program.saved());
    }

    @Test
    void aStopDuringARetrysWaitEndsIt() {
        api.change(scenario -> scenario.onRequest(2, Fault.status(503, "Retry-After", "200")));
        Running running = program.start("once");
        running.awaitStderr("attempt 2 follows in 200000 ms");
        running.signal("TERM");

        Ended ended = running.end(SHUTDOWN);

        assertThat(ended.code()).isEqualTo(1);
        saysInterrupted(ended);
        assertThat(program.saved().statuses()).containsExactly("interrupted");
        goesOnToTheEnd("2024-01-01T00:48:00Z", program.saved());
    }

    @Test
    void aStopWhileAPageIsSavedLetsItBeSaved() throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Saved saved = use(postgres);
            Gate gate = new Gate();
            Running running = startedUpToPage2("once", gate);
            saved.awaitRows(50);
            try (Connection lock = lockOnTable(postgres)) {
                gate.open();
                awaitBlocked(saved);
                running.signal("TERM");
                await("it waits for the page").during(Duration.ofMillis(500)).until(running.process()::isAlive);
                lock.rollback();
            }

            Ended ended = running.end(SHUTDOWN);

            assertThat(ended.code()).isEqualTo(1);
            saysInterrupted(ended);
            assertThat(saved.count()).isEqualTo(100);
            assertThat(saved.statuses()).containsExactly("interrupted");
            goesOnToTheEnd("2024-01-01T01:38:00Z", saved);
        }
    }

    @Test
    void aStopWhileADatabaseDoesNotAnswerEndsInTime() throws IOException, SQLException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Saved saved = use(postgres);
            Gate gate = new Gate();
            Running running = startedUpToPage2("once", gate);
            saved.awaitRows(50);
            try (Connection lock = lockOnTable(postgres)) {
                gate.open();
                awaitBlocked(saved);
                running.signal("TERM");

                Ended ended = running.end(SHUTDOWN);

                assertThat(ended.code()).isEqualTo(1);
                saysInterrupted(ended);
                lock.rollback();
            }
            assertThat(saved.count()).isEqualTo(50);
            goesOnToTheEnd("2024-01-01T00:48:00Z", saved);
            assertThat(saved.statuses()).containsExactly("interrupted", "complete");
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aStopWhileAConnectionIsSilentEndsInTime(boolean isMariaDb) throws Exception {
        TestDatabase database = isMariaDb ? TestDatabase.mariaDb() : TestDatabase.postgreSql();
        int port = URI.create(database.url().substring("jdbc:".length())).getPort();
        try (StallingProxy proxy = new StallingProxy(port)) {
            program.with("sync.database.username", database.username())
                    .with("sync.database.password", database.password())
                    .with("sync.database.url", proxy.url(database.url()));
            Gate gate = new Gate();
            Running running = startedUpToPage2("once", gate);
            await().ignoreExceptions().until(() -> database.cursor("user") != null);
            proxy.loseAllAnswersAfter(isMariaDb ? "INSERT INTO `user`" : "INSERT INTO \"user\"");
            gate.open();
            assertThat(proxy.awaitStalled()).isTrue();
            running.signal("TERM");

            Ended ended = running.end(SHUTDOWN);

            assertThat(ended.code()).isEqualTo(1);
            proxy.recover();
            program.with("sync.database.url", database.url());
            assertThat(program.run("once").code()).isZero();
            assertThat(database.jdbc().queryForObject("SELECT count(*) FROM \"user\"", Long.class))
                    .isEqualTo(150);
            assertThat(database.cursor("user")).isEqualTo(feed.greatestCursor().orElseThrow());
        }
    }

    /** A run whose first page is saved, and whose second is held at the gate. */
    private Running startedUpToPage2(String command, Gate gate) {
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running = program.start(command);
        gate.awaitArrival();
        return running;
    }

    /** Lets nobody else write to the stream's table until it is rolled back. */
    private static Connection lockOnTable(EmbeddedPostgres postgres) throws SQLException {
        Connection connection = DriverManager.getConnection(url(postgres));
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement()) {
            lock.execute("LOCK TABLE \"user\" IN EXCLUSIVE MODE");
        }
        return connection;
    }

    /** A stop is no error. */
    private static void saysInterrupted(Ended ended) {
        assertThat(ended.errors()).as(ended.stderr()).isEmpty();
        assertThat(ended.stderr()).contains("user: interrupted: ");
    }

    @Test
    void aDatabaseThatGoesAwayAndComesBackIsGoneOnWithOnSchedule() throws IOException {
        Path files = temp.resolve("postgres");
        Gate gate = new Gate();
        api.change(scenario -> scenario.onRequest(2, gate));
        Running running;
        int port;
        try (EmbeddedPostgres postgres = postgres(files, 0)) {
            port = postgres.getPort();
            use(postgres);
            running = program.with("sync.user.schedule", "* * * * * ?").start("run");
            gate.awaitArrival();
        }
        gate.open();
        running.awaitStderr("; nothing of this page was saved, and the next run continues from the cursor");
        assertThat(running.stderr()).contains("stream user: the database: ").contains("; check that it is up");
        try (EmbeddedPostgres postgres = postgres(files, port)) {
            Saved saved = Saved.in(url(postgres));
            running.awaitStderr("user: complete");
            running.signal("TERM");

            assertThat(running.end(SHUTDOWN).code()).isZero();
            assertThat(running.stderr()).doesNotContain("\tat ");
            assertThat(saved.rows()).isEqualTo(Saved.truth(feed));
            assertThat(saved.statuses())
                    .startsWith("interrupted")
                    .contains("complete")
                    .doesNotContain("running");
        }
    }

    @Test
    void aReadOnlyFileIsOneLineAndLosesNothing() throws IOException {
        assertThat(program.run("once").code()).isZero();
        feed.put(FeedRecord.user("151", "2024-02-01T00:00:00Z"));
        Path data = program.folder().resolve("data");
        permit(data, "r-xr-xr-x", "r--r--r--");

        Ended ended = program.startBehind(withoutRootsRights(), "once").end();
        permit(data, "rwxr-xr-x", "rw-r--r--");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.stderr().lines()).singleElement().asString().contains("keyset-sync.mv.db", "writable");
        assertThat(program.saved().count()).isEqualTo(150);
        assertThat(program.run("once").code()).isZero();
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
    }

    /** A limit on the size of a file stands in for a full disk: to write on fails, and no rights are needed for it. */
    @Test
    void aFullDiskIsOneLineAndARunGoesOnOnceThereIsRoomAgain() throws IOException {
        Path prlimit = Path.of("/usr/bin/prlimit");
        Assumptions.assumeTrue(Files.isExecutable(prlimit), "needs prlimit, of util-linux");
        Feed large = Feed.users(20_000);
        api.reset(ScenarioApi.of(large).pageSize(1_000));
        Running running = program.with("sync.user.schedule", "* * * * * ?")
                .startBehind(List.of("sh", "-c", "ulimit -S -f 1500; exec \"$0\" \"$@\""), "run");
        running.awaitStderr("stream user: the database: File too large; nothing of this page was saved");

        new ProcessBuilder(
                        prlimit.toString(),
                        "--fsize=unlimited",
                        "--pid",
                        "" + running.process().pid())
                .start()
                .onExit()
                .join();
        int untilThen = running.stderr().length(); // a run may have ended well before H2 could not write
        running.awaitStderr("user: complete", untilThen);
        running.signal("TERM");

        assertThat(running.end(SHUTDOWN).code()).isZero();
        assertThat(running.stderr()).doesNotContain("\tat ");
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(large));
        assertThat(program.saved().cursor()).isEqualTo(large.greatestCursor().orElseThrow());
        assertThat(program.saved().statuses()).contains("complete").doesNotContain("running");
    }

    @Test
    void ofTwoRunnersTheLateOneIsFencedAndOverwritesNothing() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start()) {
            Saved saved = use(postgres);
            Gate gate = new Gate();
            api.change(scenario -> scenario.onRequest(2, gate));
            Running late = program.start("once");
            gate.awaitArrival();
            saved.awaitRows(50);
            late.signal("STOP");
            gate.open();
            for (int id = 40; id < 90; id++) {
                feed.put(FeedRecord.user("" + id, "2024-03-01T00:00:00Z").with("job", "Pilot"));
            }

            Ended other = program.run("once");
            late.signal("CONT");
            Ended fenced = late.end();

            assertThat(other.code()).as(other.stderr()).isZero();
            assertThat(other.stderr()).contains("user: complete");
            assertThat(fenced.code()).isEqualTo(1);
            assertThat(fenced.errors())
                    .as(fenced.stderr())
                    .singleElement()
                    .asString()
                    .contains("stream user: another run of this stream moved the cursor", "fenced");
            assertThat(fenced.stdout()).contains("| fenced");
            assertThat(saved.rows()).isEqualTo(Saved.truth(feed));
            assertThat(saved.cursor()).isEqualTo("2024-03-01T00:00:00Z");
            assertThat(saved.statuses()).containsExactly("fenced", "complete");
        }
    }

    private void goesOnToTheEnd(String cursor, Saved saved) {
        int before = api.requests().size();
        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(api.requests().get(before).parameter("updated_since")).isEqualTo(cursor);
        assertThat(saved.rows()).isEqualTo(Saved.truth(feed));
    }

    private Saved use(EmbeddedPostgres postgres) {
        program.with("sync.database.url", url(postgres));
        return Saved.in(url(postgres));
    }

    private static String url(EmbeddedPostgres postgres) {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    /** A server over files that stay when it stops; port 0 takes any that is free. */
    private static EmbeddedPostgres postgres(Path files, int port) throws IOException {
        EmbeddedPostgres.Builder builder =
                EmbeddedPostgres.builder().setDataDirectory(files).setCleanDataDirectory(false);
        return (port == 0 ? builder : builder.setPort(port)).start();
    }

    private static void awaitBlocked(Saved saved) {
        await("the page waits for a lock").atMost(SHUTDOWN).until(() -> saved.jdbc()
                .queryForObject("SELECT EXISTS (SELECT 1 FROM pg_locks WHERE NOT granted)", Boolean.class));
    }

    private static void permit(Path folder, String own, String files) throws IOException {
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        try (var inside = Files.list(folder)) {
            for (Path file : inside.toList()) {
                Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(files));
            }
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(own));
    }

    /** Root writes where nobody may; so the process of a test that runs as root gives that right up. */
    private static List<String> withoutRootsRights() {
        if (!"root".equals(System.getProperty("user.name"))) {
            return List.of();
        }
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "needs setpriv when run as root");
        return List.of("/usr/bin/setpriv", "--bounding-set=-dac_override,-dac_read_search");
    }
}
