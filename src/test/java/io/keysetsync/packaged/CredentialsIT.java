package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Secrets as they are mounted, and an API that means harm, with the packaged copy and its small heap. */
class CredentialsIT {

    private static final String SECRET = "Zq7&vErY=s3cret%41{{cd}}{{?x}}\\{{e}}\\";

    private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

    @TempDir
    private Path temp;

    private ScenarioApi api;
    private Program program;
    private Path secret;

    @BeforeEach
    void start() throws IOException {
        api = ScenarioApi.of(Feed.users(5)).start();
        secret = Files.writeString(temp.resolve("secret"), SECRET + "\n");
        program = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.user.url", api.url())
                .parameter("attempts", "1");
    }

    @AfterEach
    void stop() {
        program.close();
        api.close();
    }

    private void mountSecrets() {
        program.edit(
                        "application.properties",
                        text -> text.replace(
                                        "sync.database.password =", "sync.database.password = {{file:" + secret + "}}")
                                + "\nsync.user.token = {{file:" + secret + "}}\n")
                .parameter("token", "#property:sync.user.token")
                .parameter("auth", "bearer");
    }

    @Test
    void aMountedSecretSignsInAndShowsNowhereWithDebug() throws IOException {
        mountSecrets();
        api.change(scenario ->
                scenario.when(r -> !("Bearer " + SECRET).equals(r.header("authorization")), Fault.status(401)));
        Ended good = program.run("once", "--debug");
        Files.writeString(secret, SECRET + "x");
        Ended locked = program.run("once", "--debug");
        Ended help = program.run("--help");

        assertThat(good.code()).as(good.stderr()).isZero();
        assertThat(api.requests()).hasSize(1);
        assertThat(locked.code()).as("the database's password is another one").isEqualTo(1);
        assertThat(locked.stderr()).contains("Wrong user name or password");
        for (Ended ended : new Ended[] {good, locked, help}) {
            assertThat(ended.stdout() + ended.stderr()).doesNotContain("Zq7", "s3cret");
        }
    }

    @Test
    void aMissingSecretIsOneLineBeforeAnyRequest() throws IOException {
        mountSecrets();
        Files.delete(secret);

        Ended ended = program.run("once");

        assertThat(ended.stderr().lines())
                .singleElement()
                .asString()
                .contains("the file '" + secret + "'", "does not exist; create it");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void aSettingThatIsNamedAndMissingIsOneLine() {
        program.parameter("token", "#property:sync.user.token").parameter("auth", "bearer");

        Ended ended = program.run("once");

        assertThat(ended.stderr().lines())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains("the setting 'sync.user.token' has no value", "SYNC_USER_TOKEN");
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void theEnvironmentHasASecretThatNoFileNames() {
        program.parameter("token", "#property:sync.user.token")
                .parameter("auth", "bearer")
                .environment("SYNC_USER_TOKEN", SECRET);

        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(api.requests().get(0).header("authorization")).isEqualTo("Bearer " + SECRET);
    }

    @Test
    void aSecretThatCamelWouldResolveIsNotQuoted() {
        program.parameter("token", "{{sync.user.token}}")
                .parameter("auth", "bearer")
                .with("sync.user.token", "ab{{Zq7vErY}}");

        Ended ended = program.run("once");

        assertThat(ended.stderr().lines())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains("the setting 'sync.user.token' has double braces", "#property:sync.user.token")
                .doesNotContain("Zq7", "{{");
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void aPageOfMoreValuesThanTheHeapCanHoldIsAClearError() {
        api.change(scenario -> scenario.always(Fault.json(200, "{\"data\":[" + "[],".repeat(16 << 20) + "[]]}")));

        Ended ended = program.run("once");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.errors())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains("stream user: ", "Token count");
        assertThat(ended.stderr()).doesNotContain("OutOfMemoryError");
        assertThat(program.saved().statuses()).containsExactly("failed");
    }

    @Test
    void aBombLeavesTheHeapAlone() {
        api.change(scenario -> scenario.always(Fault.gzipBomb(2048)));

        Ended ended = program.run("once");

        assertThat(ended.errors()).as(ended.stderr()).singleElement().asString().contains("larger than maxPageSize");
        assertThat(ended.stderr()).doesNotContain("OutOfMemoryError");
    }

    @Test
    void anotherUserOfTheMachineCannotOpenTheDatabaseBesideARun(@TempDir Path open) throws IOException {
        assumeTrue(
                System.getProperty("user.name").equals("root") && Files.isExecutable(SETPRIV),
                "needs setpriv, of util-linux, and root");
        program.start("run").awaitStderr("user: complete");
        Properties lock = new Properties();
        try (Reader file = Files.newBufferedReader(program.folder().resolve("data/keyset-sync.lock.db"))) {
            lock.load(file);
        }
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path jar = open.resolve("h2.jar");
        try (DirectoryStream<Path> jars =
                Files.newDirectoryStream(program.folder().resolve("lib"), "h2-*.jar")) {
            Files.copy(jars.iterator().next(), jar);
        }
        Files.setPosixFilePermissions(jar, PosixFilePermissions.fromString("rw-r--r--"));

        for (String user : List.of("", "SA")) {
            assertThat(asNobody(
                            jar, "jdbc:h2:tcp://" + lock.getProperty("server") + "/" + lock.getProperty("id"), user))
                    .contains("Wrong user name or password");
            assertThat(asNobody(
                            jar,
                            "jdbc:h2:file:" + program.folder().resolve("data/keyset-sync") + ";AUTO_SERVER=TRUE",
                            user))
                    .contains("AccessDeniedException");
        }
    }

    private static String asNobody(Path jar, String url, String user) throws IOException {
        Process shell = new ProcessBuilder(
                        SETPRIV.toString(),
                        "--reuid=65534",
                        "--regid=65534",
                        "--clear-groups",
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        jar.toString(),
                        "org.h2.tools.Shell",
                        "-url",
                        url,
                        "-user",
                        user,
                        "-password",
                        "",
                        "-sql",
                        "SELECT 1")
                .directory(jar.getParent().toFile())
                .redirectErrorStream(true)
                .start();
        return new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
