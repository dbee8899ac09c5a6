package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.FeedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Locales, variables and folders as cron, systemd, containers and users' shells have them. */
class SurroundingsIT extends OverAnApi {

    SurroundingsIT() {
        super(5);
    }

    @Test
    void numbersAreWrittenInOneWayInEveryLocale() {
        feed.put(FeedRecord.user("x", "2024-01-01T00:20:00Z").with("createdAt", "yesterday"));
        program.environment("JAVA_OPTS", "-Duser.language=ar -Duser.country=EG");

        Ended once = program.run("once");

        assertThat(once.code()).as(once.stderr()).isZero();
        assertThat(once.stderr())
                .containsPattern("T\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  user: complete: 1 page, 6 records, 5 upserted,"
                        + " 0 unchanged, 1 quarantined in \\d+\\.\\d s;");
        assertThat(once.stdout()).containsPattern("\\d\\.\\d s \\|");
        assertThat(program.run("preview").stdout()).startsWith("user: 1 records, 0 rows, 1 would be quarantined");
        assertThat(program.run("quarantine", "retry").stdout()).startsWith("user: 1 tried, 0 upserted");
    }

    @Test
    void aPathForCdLeadsNowhereElse() throws IOException {
        Files.createDirectories(temp.resolve("projects/bin"));
        program.environment("CDPATH", temp.resolve("projects") + ":.");

        Ended ended = behind("cd \"${0%/bin/*}\" && exec bin/keyset-sync \"$@\"", "once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(program.saved().count()).isEqualTo(5);
    }

    @Test
    void aFolderForTheDatabaseThatCannotBeMadeIsOneLine() throws IOException {
        Files.writeString(program.folder().resolve("data"), "");

        Ended ended = program.run("once");

        assertThat(ended.stderr().lines())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains(
                        "database: './data/keyset-sync.mv.db' can't be written",
                        "data' is not a folder",
                        "sync.database.url");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
    }

    /** Runs the program from a shell's script, which has its path as {@code $0} and its arguments as {@code $@}. */
    private Ended behind(String script, String... arguments) {
        return program.startBehind(List.of("sh", "-euc", script), arguments).end();
    }
}
