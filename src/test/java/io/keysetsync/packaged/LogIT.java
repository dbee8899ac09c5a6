package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the log shows of a stream whose own steps log. */
class LogIT {

    @TempDir
    private Path temp;

    private Program program;
    private ScenarioApi api;

    @BeforeEach
    void start() {
        api = ScenarioApi.of(Feed.users(10)).start();
        program = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.user.url", api.url())
                .edit(
                        "routes/user.camel.yaml",
                        yaml -> yaml.replaceFirst(
                                "( +)steps:\n",
                                """
                        $1steps:
                        $1  - log: a step's line, of \\${body.size} records
                        $1  - log: {message: a named step's line, logName: com.example.orders}
                        $1  - log: {message: a step's warning, loggingLevel: WARN}
                        $1  - log: {message: a step's detail, loggingLevel: DEBUG}
                        """));
    }

    @AfterEach
    void stop() {
        program.close();
        api.close();
    }

    @Test
    void whatAStepLogsShowsFromInfoOnWithTheStreamsNameAndLibrariesAddNothing() {
        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(lines(ended))
                .hasSize(5)
                .startsWith(
                        "INFO  user: a step's line, of 10 records",
                        "INFO  user: a named step's line",
                        "WARN  user: a step's warning");
        assertThat(lines(ended).subList(3, 5))
                .satisfiesExactly(page -> assertThat(page).startsWith("INFO  user: page 1: "), run -> assertThat(run)
                        .startsWith("INFO  user: complete: "));
    }

    @Test
    void debugShowsWhatAStepLogsAtDebugAndNoDetailsOfLibraries() {
        Ended ended = program.run("once", "--debug");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(lines(ended)).contains("DEBUG user: a step's detail", "INFO  user: a step's line, of 10 records");
        assertThat(lines(ended).stream().filter(line -> line.startsWith("DEBUG")))
                .allMatch(line -> line.startsWith("DEBUG user: "));
    }

    @Test
    void previewShowsWhatAStepLogsBesideItsOutput() {
        Ended ended = program.run("preview", "--json");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(ended.stdout()).startsWith("[{").doesNotContain("a step's line");
        assertThat(lines(ended)).contains("INFO  user: a step's line, of 10 records");
    }

    /** The log's lines without their time. */
    private static List<String> lines(Ended ended) {
        return ended.stderr()
                .lines()
                .map(line -> line.replaceFirst("^\\S+Z ", ""))
                .toList();
    }
}
