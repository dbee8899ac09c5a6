package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.FeedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The command {@code rows}, as typed. */
class RowsIT extends OverAnApi {

    RowsIT() {
        super(120);
    }

    @Test
    void aMissingTableIsOneLineThatSaysWhatToDoAndNothingIsCreated() {
        Ended ended = program.run("rows", "user");

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.stdout()).isEmpty();
        assertThat(ended.stderr())
                .isEqualTo("keyset-sync: stream user: its table 'user' does not exist yet; create and fill it with"
                        + " 'keyset-sync once user'\n");
        assertThat(program.folder().resolve("data")).doesNotExist();
        assertThat(program.run("rows", "usr").stderr()).contains("stream 'usr' is unknown", "known are user");
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void theNewestRowsShowBesideARunningRun() {
        feed.put(FeedRecord.user("7", "2024-01-02T00:00:00Z").with("job", "Pi\u001b[2J\nlot"));
        Running running = program.start("run");
        running.awaitStderr("user: complete");

        Ended table = program.run("rows", "user", "--limit", "2");
        assertThat(table.code()).as(table.stderr()).isZero();
        List<String> lines = table.stdout().lines().toList();
        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).startsWith("| id ").contains("| updatedAt ");
        assertThat(lines.get(3)).startsWith("| 7 ").contains("Pi\\u001b[2J\\nlot", "| 2024-01-02T00:00:00Z |");
        assertThat(lines.get(4)).startsWith("| 120 ");
        Ended json = program.run("rows", "user", "--json");
        assertThat(json.stdout()).startsWith("[{\"id\":\"7\",").contains("\"updatedAt\":\"2024-01-02T00:00:00Z\"");
        assertThat(json.stdout().split("\"id\":")).hasSize(21);
        assertThat(beside().statuses()).containsExactly("complete");
    }

    @Test
    void aTerminalGetsNoLineThatIsTooLong() throws Exception {
        Assumptions.assumeTrue(Files.isExecutable(Path.of("/usr/bin/script")), "needs a terminal");
        feed.put(FeedRecord.user("7", "2024-01-02T00:00:00Z").with("job", "x".repeat(500)));
        assertThat(program.run("once").code()).isZero();
        assertThat(program.run("rows", "user").stdout()).contains("x".repeat(500));

        String shown = onTerminal("rows", "user");

        assertThat(shown.lines()).allMatch(line -> line.length() <= 72).anyMatch(line -> line.length() == 72);
        assertThat(shown).contains("x… |");
        assertThat(onTerminal("once")).contains("To see the newest rows: keyset-sync rows user");
    }

    /** The output of a command on a terminal of 72 columns. */
    private String onTerminal(String... words) throws IOException, InterruptedException {
        String command = "stty cols 72; exec '" + program.folder().resolve("bin/keyset-sync")
                + "' -Dsync.demo-api=false" + " -Dsync.user.url=" + api.url() + " " + String.join(" ", words);
        ProcessBuilder terminal = new ProcessBuilder("script", "-qec", command, "/dev/null").redirectErrorStream(true);
        terminal.environment().remove("COLUMNS");
        terminal.environment().put("SHELL", "/bin/sh");
        Process process = terminal.start();
        process.getOutputStream().close();
        String shown = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(shown).isZero();
        return shown.replace("\r\n", "\n");
    }
}
