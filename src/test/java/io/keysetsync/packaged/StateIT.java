package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The command {@code state}, on the H2 default. */
class StateIT extends OverAnApi {

    private static final String LATEST = "2024-01-01T01:59:00Z";

    StateIT() {
        super(120);
    }

    @Test
    void cursorsAreShownMovedTakenOverAndForgottenBesideARunningRun() throws IOException {
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        Files.writeString(temp.resolve("elsewhere/state.json"), "{\"last_updated_at\": \"2024-01-01T01:00:00Z\"}");

        assertThat(program.run("state", "show", "--json").stdout())
                .isEqualToIgnoringNewLines("{\"user\":{\"last_updated_at\":\"" + LATEST + "\"}}");
        assertThat(program.run("state", "show").stdout())
                .containsPattern("\\| user +\\| " + LATEST + " \\|.* complete");

        assertThat(program.run("state", "set", "user", "1704067200").code()).isZero();
        assertThat(beside().cursor()).isEqualTo("1704067200");

        Ended imported = program.run("state", "import", "user", "state.json");
        assertThat(imported.stdout()).isEqualToIgnoringNewLines("user: 1704067200 -> 2024-01-01T01:00:00Z");
        assertThat(beside().cursor()).isEqualTo("2024-01-01T01:00:00Z");

        assertThat(program.run("state", "reset", "user").code()).isZero();
        assertThat(beside().cursor()).isNull();

        assertThat(changes())
                .containsExactly(
                        "null -> " + LATEST,
                        LATEST + " -> 1704067200",
                        "1704067200 -> 2024-01-01T01:00:00Z",
                        "2024-01-01T01:00:00Z -> null");
        assertThat(running.process().isAlive()).isTrue();
        assertThat(api.requests()).as("only the run asks the API").hasSize(3);
    }

    private List<String> changes() {
        return beside().jdbc()
                .query(
                        "SELECT cursor_from, cursor_to FROM keyset_sync_run ORDER BY started_at",
                        (row, i) -> row.getString(1) + " -> " + row.getString(2));
    }

    @Test
    void aRunGoesOnFromTheCursorThatWasSet() {
        assertThat(program.run("state", "set", "user", "2024-01-01T01:00:00Z").stdout())
                .isEqualToIgnoringNewLines("user: none -> 2024-01-01T01:00:00Z");
        assertThat(program.run("once").code()).isZero();

        assertThat(api.requests().get(0).parameter("updated_since")).isEqualTo("2024-01-01T01:00:00Z");
        assertThat(program.saved().count()).isEqualTo(60);
    }

    @Test
    void aStreamOfAnotherUrlFailsUntilSomebodySaysThatItsDataIsTheSame() {
        assertThat(program.run("once").code()).isZero();
        int asked = api.requests().size();
        String moved = "-Dsync.user.url=" + api.url("/moved");

        Ended refused = program.run("once", moved);
        assertThat(refused.code()).isEqualTo(1);
        assertThat(refused.errors())
                .singleElement()
                .asString()
                .contains(
                        "stream user: the cursor " + LATEST + " belongs to the url 'http://127.0.0.1/records', which is"
                                + " now 'http://127.0.0.1/moved'",
                        "'keyset-sync state keep user'");
        assertThat(api.requests()).hasSize(asked);
        assertThat(program.run("check", moved).stdout()).contains("problem  stream user: the cursor " + LATEST);

        Ended kept = program.run("state", "keep", "user", moved);
        assertThat(kept.stdout()).isEqualToIgnoringNewLines("user: " + LATEST + " kept");
        assertThat(program.run("once", moved).code()).isZero();
        assertThat(program.run("once").code()).as("back again").isEqualTo(1);
    }

    @Test
    void aStreamWhoseTableWasDroppedReadsEverythingAgain() {
        assertThat(program.run("once").code()).isZero();
        program.saved().jdbc().execute("DROP TABLE \"user\"");

        Ended again = program.run("once");

        assertThat(again.code()).as(again.stderr()).isZero();
        assertThat(again.stderr()).contains("user: the table 'user' is missing, so the cursor is forgotten");
        assertThat(program.saved().count()).isEqualTo(120);
        assertThat(program.saved().statuses()).containsExactly("complete", "complete", "complete");
    }

    @Test
    void aStreamHasOneNameForAllCommands() {
        String name = "all users / a+b, #1: it's";
        program.edit("routes/user.camel.yaml", yaml -> yaml.replace("stream: user\n", "stream: \"" + name + "\"\n"));

        Ended once = program.run("once", name);

        assertThat(once.code()).as(once.stderr()).isZero();
        assertThat(once.stderr()).contains(name + ": page 1: ", name + ": complete: ");
        assertThat(once.stdout()).contains("| " + name + " | complete");
        assertThat(program.run("state", "show", name, "--json").stdout())
                .isEqualToIgnoringNewLines("{\"" + name + "\":{\"last_updated_at\":\"" + LATEST + "\"}}");
        assertThat(program.run("state", "set", name, "1704067200").stdout())
                .isEqualToIgnoringNewLines(name + ": " + LATEST + " -> 1704067200");
        assertThat(program.run("quarantine", "list", name).stdout()).contains("no record is in quarantine");
    }

    @Test
    void aConnectorsSchemaAndStateAreTakenOverAsItsPageSays() throws IOException, InterruptedException {
        program.edit("routes/user.schema.json", shipped -> fromFivetran("schema: routes/user.schema.json"));
        Files.writeString(program.folder().resolve("state.json"), fromFivetran("state: state.json"));

        Process shell = new ProcessBuilder("sh", "-euc", fromFivetran("import"))
                .directory(program.folder().toFile())
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).isZero();
        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(api.requests().get(0).parameter("updated_since")).isEqualTo("2024-01-01T01:00:00Z");
        assertThat(program.saved().count()).isEqualTo(60);
        assertThat(program.saved().cursor()).isEqualTo(LATEST);
    }

    /** A block of {@code docs/from-fivetran.md}. */
    private static String fromFivetran(String name) {
        try {
            String page = Files.readString(Path.of("docs/from-fivetran.md"));
            int mark = page.indexOf("<!-- " + name + " -->");
            assertThat(mark).as(name).isNotNegative();
            int begin = page.indexOf('\n', page.indexOf("```", mark)) + 1;
            return page.substring(begin, page.indexOf("```", begin));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
