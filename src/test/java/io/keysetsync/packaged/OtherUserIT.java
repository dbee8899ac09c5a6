package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.keysetsync.packaged.Program.Running;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What another user of the machine gets from a running program, whose folders that user may enter. */
class OtherUserIT extends OverAnApi {

    /** Becomes the user {@code nobody}, which takes root. */
    private static final List<String> AS_NOBODY =
            List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups");

    private static final Pattern ADDRESS = Pattern.compile("console: (http://127\\.0\\.0\\.1:\\d+/)");

    OtherUserIT() {
        super(3);
    }

    @BeforeEach
    void needsRoot() throws Exception {
        assumeTrue(
                System.getProperty("user.name").equals("root") && Files.isExecutable(Path.of("/usr/bin/setpriv")),
                "only root can become another user");
        for (Path open : List.of(
                temp,
                program.folder(),
                Files.createDirectory(program.folder().resolve("data")),
                Files.createDirectory(program.folder().resolve("runtime")))) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        String everybodys = asNobody(
                "cat", program.folder().resolve("routes/user.camel.yaml").toString());
        assumeTrue(everybodys.contains("keyset-sync-source"), "the folder of temporary files is open to others");
    }

    @ParameterizedTest
    @ValueSource(strings = {"data", "runtime"})
    void nothingButMetricsAndHealthIsOpen(String place) throws Exception {
        program.environment(
                "XDG_RUNTIME_DIR",
                place.equals("data") ? "" : program.folder().resolve(place).toString());
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        Matcher console = ADDRESS.matcher(running.stderr());
        assertThat(console.find()).as(running.stderr()).isTrue();
        String token = Files.readString(token(place)).strip();

        await("the console, which is loaded after the first sync began")
                .atMost(Duration.ofMinutes(1))
                .until(() -> status(console.group(1) + "api/streams"), status -> status != 503);
        assertThat(status(console.group(1) + "api/streams")).isEqualTo(401);
        assertThat(status(console.group(1) + "observe/metrics")).isEqualTo(200);
        assertThat(asNobody("cat", "/proc/" + running.process().pid() + "/cmdline"))
                .contains("KeysetSync")
                .doesNotContain(token);
        for (Path secret : List.of(
                token(place),
                program.folder().resolve("data/keyset-sync.password"),
                program.folder().resolve("data/keyset-sync.mv.db"))) {
            assertThat(secret).isNotEmptyFile();
            assertThat(asNobody("cat", secret.toString())).as(secret.toString()).isEmpty();
        }
    }

    private Path token(String folder) throws IOException {
        try (Stream<Path> files = Files.list(program.folder().resolve(folder))) {
            return files.filter(file -> file.toString().endsWith(".token"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static int status(String url) throws IOException, InterruptedException {
        HttpResponse<Void> answer = HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.discarding());
        return answer.statusCode();
    }

    /** The output of a command that another user has typed. */
    private static String asNobody(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Stream.concat(AS_NOBODY.stream(), Stream.of(command)).toList())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output;
    }
}
