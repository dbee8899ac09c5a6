package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands, as typed. */
class CommandsIT {

    private static final Duration SHUTDOWN = Duration.ofSeconds(10);
    private static final String EVERY_LEAP_DAY = "0 0 0 29 2 ?";

    private final Feed feed = Feed.users(120);

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

    @Test
    void onceLoadsNoServerConsoleMetricsOrEvents() throws IOException {
        Path loaded = temp.resolve("loaded.log");
        program.environment("JAVA_OPTS", "-Xlog:class+load:file=" + loaded);
        assertThat(program.run("once").code()).isZero();

        assertThat(program.saved().count()).isEqualTo(120);
        assertThat(Files.readAllLines(loaded))
                .anyMatch(line -> line.contains(" io.keysetsync.run.Run "))
                .noneMatch(
                        line -> line.matches(".* (io\\.vertx\\.core\\.(impl|http)|io\\.netty\\.channel|io\\.micrometer"
                                + "|io\\.prometheus|io\\.keysetsync\\.(console|observe|events))\\..*"))
                .noneMatch(line -> line.contains(".mail.MailComponent"));
    }

    @Test
    void onceSavesAllAndASecondOnceAsksSinceTheStoredCursor() {
        Ended first = program.run("once");

        assertThat(first.code()).as(first.stderr()).isZero();
        assertThat(first.errors()).isEmpty();
        assertThat(first.stdout().lines().filter(line -> line.contains("user")))
                .singleElement()
                .asString()
                .matches(
                        "\\| user +\\| complete +\\| +3 \\| +120 \\| +120 \\| +0 \\| +0 \\| +0 \\| - +\\| 2024-01-01T01:59:00Z \\|.*s \\|");
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
        assertThat(program.saved().cursor()).isEqualTo("2024-01-01T01:59:00Z");
        assertThat(api.requests()).hasSize(3);

        feed.put(FeedRecord.user("7", "2024-01-02T00:00:00Z").with("job", "Pilot"));
        Ended second = program.run("once", "user");

        assertThat(second.code()).as(second.stderr()).isZero();
        assertThat(api.requests()).hasSize(4);
        assertThat(api.requests().get(3).parameter("updated_since")).isEqualTo("2024-01-01T01:59:00Z");
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
        assertThat(program.saved().statuses()).containsExactly("complete", "complete");
    }

    @Test
    void theEnvironmentOverridesTheSettingsAndRelativePathsMeanTheProgramsFolder() throws IOException {
        Program other = Program.in(Files.createDirectory(temp.resolve("other")))
                .environment("SYNC_DEMO_API", "false")
                .environment("SYNC_USER_URL", api.url("/from-the-environment"))
                .environment("SYNC_DATABASE_URL", "jdbc:h2:file:./elsewhere/users");

        Ended ended = other.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(api.requests()).extracting(Request::path).containsOnly("/from-the-environment");
        assertThat(Saved.in("jdbc:h2:file:" + other.folder().resolve("elsewhere/users"))
                        .count())
                .isEqualTo(120);
        assertThat(other.folder().resolve("data")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({"st, state", "'state im', import", "'once --he', --help"})
    void bashCompletesWhatWasTyped(String typed, String completed) throws IOException, InterruptedException {
        program.delete("application.properties");
        Ended script = program.run("generate-completion");
        assertThat(script.code()).as(script.stderr()).isZero();
        Path file = Files.writeString(temp.resolve("completion"), script.stdout());

        ProcessBuilder bash = new ProcessBuilder(
                        "bash",
                        "-euc",
                        """
                        compopt() { :; } # works while a user types, only
                        source "$1"
                        complete -p keyset-sync
                        shift
                        COMP_WORDS=(keyset-sync "$@") COMP_CWORD=$# COMP_LINE="keyset-sync $*"
                        COMP_POINT=${#COMP_LINE}
                        _complete_keyset-sync
                        printf '%s\\n' "${COMPREPLY[@]}"
                        """)
                .redirectErrorStream(true);
        bash.command().add("bash");
        bash.command().add(file.toString());
        bash.command().addAll(List.of(typed.split(" ")));
        Process shell = bash.start();
        List<String> lines = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();

        assertThat(shell.waitFor()).as(lines.toString()).isZero();
        assertThat(lines).hasSize(2).last().asString().isEqualToIgnoringWhitespace(completed);
        assertThat(lines.get(0)).contains("-F _complete_keyset-sync");
    }

    @Test
    void helpAndVersionNeedNothingElse() {
        program.delete("application.properties");

        Ended help = program.run("--help");
        Ended version = program.run("--version");

        assertThat(help.code()).isZero();
        assertThat(help.stdout()).contains("run", "once", "-D", "Exit codes", "JAVA_HOME");
        assertThat(version.code()).isZero();
        assertThat(version.stdout().strip()).matches("keyset-sync \\d+\\.\\d+\\.\\d+\\S*");
    }

    /** A shell has the commands that it starts in the background ignore INT (POSIX, 2.12), and their children too. */
    private static boolean ignoresInterrupts() {
        try (Stream<String> status = Files.lines(Path.of("/proc/self/status"))) {
            return status.filter(line -> line.startsWith("SigIgn:"))
                    .map(line ->
                            new BigInteger(line.substring("SigIgn:".length()).strip(), 16))
                    .anyMatch(ignored -> ignored.testBit(1));
        } catch (IOException e) {
            return false; // no Linux
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void runSyncsAtOnceEndsCleanlyOnASignalAndGoesOnWhenStartedAgain(String signal) {
        Assumptions.assumeFalse(
                signal.equals("INT") && ignoresInterrupts(), "started in the background, where INT is ignored");
        program.with("sync.user.schedule", EVERY_LEAP_DAY);
        Running first = program.start("run");
        first.awaitStderr("user: complete");
        first.signal(signal);
        Ended ended = first.end(SHUTDOWN);

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(ended.errors()).isEmpty();
        assertThat(program.saved().statuses()).containsExactly("complete");

        feed.put(FeedRecord.user("121", "2024-01-03T00:00:00Z"));
        Running second = program.start();
        second.awaitStderr("user: complete");
        second.signal(signal);

        assertThat(second.end(SHUTDOWN).code()).isZero();
        assertThat(api.requests().get(3).parameter("updated_since")).isEqualTo("2024-01-01T01:59:00Z");
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
        assertThat(program.saved().statuses()).containsExactly("complete", "complete");
    }

    @Test
    void aSecondProcessWorksBesideARunOnTheSameFileAndNobodyListensBeyondLoopback() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/net/tcp")), "needs Linux's /proc");
        Running run = program.with("sync.user.schedule", EVERY_LEAP_DAY)
                .start("run", "-Dsync.demo-api=true", "-Dsync.demo-api.port=" + freePort());
        run.awaitStderr("user: complete");
        feed.put(FeedRecord.user("1", "2024-01-04T00:00:00Z"));

        Ended once = program.run("once");

        assertThat(once.code()).as(once.stderr()).isZero();
        Saved beside = Saved.in("jdbc:h2:file:" + program.folder().resolve("data/keyset-sync") + ";AUTO_SERVER=TRUE");
        assertThat(beside.rows()).isEqualTo(Saved.truth(feed));
        assertThatThrownBy(() -> DriverManager.getConnection(
                        "jdbc:h2:file:" + program.folder().resolve("data/keyset-sync") + ";AUTO_SERVER=TRUE", "", ""))
                .as("H2's port lets in nobody without the password")
                .hasMessageContaining("Wrong user name or password");
        assertThat(rowsByShell("SELECT count(*) FROM \"user\"")).contains("120");
        assertThat(listening(run.process().pid()))
                .as("the sample API and H2, on loopback")
                .hasSizeGreaterThanOrEqualTo(2)
                .allMatch(CommandsIT::isLoopback);
        run.signal("TERM");
        assertThat(run.end(SHUTDOWN).code()).isZero();
        assertThat(program.saved().statuses()).containsExactly("complete", "complete");
    }

    @Test
    void aTakenDemoPortIsOneLineThatSaysHowToGoOn() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = program.run("once", "-Dsync.demo-api=true", "-Dsync.demo-api.port=" + taken.getLocalPort());

            assertThat(ended.code()).isEqualTo(2);
            assertThat(ended.stderr().lines())
                    .singleElement()
                    .asString()
                    .contains(
                            "port " + taken.getLocalPort(), "is taken", "-Dsync.demo-api=false", "sync.demo-api.port");
            assertThat(api.requests()).isEmpty();
        }
    }

    /** As in docs/commands.md. */
    private String rowsByShell(String sql) throws IOException {
        Process shell = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        "lib/*",
                        "io.keysetsync.pool.H2Shell",
                        "data/keyset-sync",
                        "-sql",
                        sql)
                .directory(program.folder().toFile())
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private static int freePort() {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The local addresses, in the kernel's own hexadecimal, of the sockets on which a process listens. */
    private static List<String> listening(long pid) {
        Path process = Path.of("/proc/" + pid);
        try (Stream<Path> open = Files.list(process.resolve("fd"))) {
            Set<String> sockets = open.map(CommandsIT::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring(8, target.length() - 1))
                    .collect(Collectors.toSet());
            return Stream.of("net/tcp", "net/tcp6")
                    .flatMap(table -> lines(process.resolve(table)))
                    .map(line -> line.trim().split("\\s+"))
                    .filter(fields -> fields[3].equals("0A") && sockets.contains(fields[9]))
                    .map(fields -> fields[1].replaceAll(":.*", ""))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isLoopback(String address) {
        return Set.of("0100007F", "0000000000000000FFFF00000100007F", "00000000000000000000000001000000")
                .contains(address);
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    private static Stream<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file).stream() : Stream.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
