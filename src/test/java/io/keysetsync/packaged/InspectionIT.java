package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The commands {@code check} and {@code preview}, as typed. */
class InspectionIT extends OverAnApi {

    private static final String INTO_FILES =
            """
                    - to:
                        id: into-files
                        description: A copy of the page
                        uri: file:copies
            """;

    InspectionIT() {
        super(120);
    }

    @Test
    void writeNothingNotEvenByAStepOfTheStreamsOwn() {
        program.edit("routes/user.camel.yaml", yaml -> yaml.replace("      steps:\n", "      steps:\n" + INTO_FILES));

        Ended check = program.run("check");
        assertThat(check.code()).as(check.stderr()).isZero();
        assertThat(check.stdout()).contains("includes the cursor itself (>=)", "the table 'user' would be created");
        assertThat(api.requests()).hasSizeLessThanOrEqualTo(10);
        Ended preview = program.run("preview", "--limit", "2");
        assertThat(preview.code()).as(preview.stderr()).isZero();
        assertThat(preview.stdout())
                .contains("user: 50 records, 50 rows", "| UTC_DATETIME ", "and 48 more rows; --limit 50 shows all");

        assertThat(program.folder().resolve("copies")).doesNotExist();
        assertThat(program.folder().resolve("data")).doesNotExist();
    }

    @Test
    void workBesideARunningRun() {
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        Saved saved = beside();
        Map<String, Object> before = saved.state();

        assertThat(program.run("check").stdout()).contains("exists and fits the schema");
        assertThat(program.run("preview", "--json").stdout()).contains("\"id\":\"120\"", "\"quarantined\":[]");
        assertThat(saved.state()).isEqualTo(before);
        assertThat(saved.statuses()).containsExactly("complete");
    }
}
