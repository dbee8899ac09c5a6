package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The recipes of {@code docs/recipes.md}, as they stand there, in the packaged copy. */
class RecipesIT extends OverAnApi {

    private static final String STREAM = "routes/user.camel.yaml";

    RecipesIT() {
        super(25);
    }

    @Override
    Scenario scenario() {
        return super.scenario().pageSize(10);
    }

    @Test
    void dropsAField() throws IOException {
        addSteps(recipe("drop"));
        assertCompletes("once");

        assertThat(column("email")).hasSize(25).containsOnly((String) null);
        assertThat(column("name")).doesNotContainNull();
        assertThat(program.saved().cursor()).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void leavesOutSomeRecords() throws IOException {
        feed.put(FeedRecord.user("7", "2024-01-01T00:06:00Z").with("company", "Springfield LLC"));
        addSteps(recipe("filter"));
        assertCompletes("once");

        assertThat(column("id")).containsExactly("7");
        assertThat(program.saved().cursor()).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void renamesAField() throws IOException {
        List<String> jobs =
                Saved.truth(feed).values().stream().map(row -> row.get(4)).toList();
        addSteps(recipe("rename"));
        program.edit("routes/user.schema.json", schema -> schema.replace("\"job\"", "\"profession\""));
        assertCompletes("once");

        assertThat(column("profession")).containsExactlyInAnyOrderElementsOf(jobs);
    }

    @Test
    void computesAField() throws IOException {
        addSteps(recipe("compute"));
        assertCompletes("once");

        assertThat(column("domain")).hasSize(25).containsOnly("example.com");
    }

    @Test
    void makesSeveralRecordsOfOne() throws IOException {
        addSteps(recipe("explode"));
        assertCompletes("once");

        assertThat(column("id")).hasSize(50).contains("7-0", "7-1");
        assertThat(column("address")).contains("7 High Street").containsOnlyOnce("8 High Street");
        assertThat(column("updatedAt")).doesNotContainNull();
        assertThat(program.saved().cursor()).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void putsEachRecordThroughCamelsOwnSteps() throws IOException {
        feed.put(FeedRecord.user("7", "2024-01-01T00:06:00Z").with("company", "Springfield LLC"));
        addSteps(recipe("split"));
        assertCompletes("once");

        assertThat(column("id")).containsExactly("7");
        assertThat(column("email")).containsOnly((String) null);
        assertThat(program.saved().cursor()).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void addsASecondStream() throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-euc", recipe("second"))
                .directory(program.folder().toFile())
                .inheritIO()
                .start();
        assertThat(shell.waitFor()).isZero();
        program.with("sync.member.url", api.url());
        assertCompletes("once", "member");

        assertThat(program.saved().jdbc().queryForObject("SELECT COUNT(*) FROM \"member\"", Long.class))
                .isEqualTo(25);
        assertThat(program.saved().cursor()).as("of the first stream").isNull();
        assertCompletes("once");
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
    }

    @Test
    void asksForLargerPagesAndSendsOneMoreHeader() throws IOException {
        String query = recipe("query").strip();
        program.edit(STREAM, yaml -> yaml.replaceFirst("( +)stream: user\n", "$1stream: user\n$1" + query + "\n"));
        String header = recipe("header");
        program.edit("routes/keyset-sync-source.kamelet.yaml", kamelet -> after("accept", kamelet, header));
        assertCompletes("once");

        assertThat(api.requests()).hasSize(3).allSatisfy(request -> {
            assertThat(request.parameter("limit")).isEqualTo("100");
            assertThat(request.header("X-Tenant")).isEqualTo("north");
        });
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
    }

    @Test
    void readsYearsOfDataInSeveralWindowsAtOnce() throws IOException {
        String windows = recipe("windows");
        program.edit(STREAM, yaml -> yaml.replaceFirst(" +initialCursor: [^\n]*\n", "")
                .replaceFirst(
                        "( +)stream: user\n",
                        "$1stream: user\n$1" + windows.strip().replace("\n", "\n$1") + "\n"));
        assertCompletes("once");

        assertThat(api.requests()).hasSizeGreaterThan(100);
        assertThat(api.requests())
                .filteredOn(request -> request.parameter("scroll_param") == null)
                .allSatisfy(request -> assertThat(request.parameter("until")).isNotNull());
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
    }

    @Test
    void takesOverAnEditWhileItRuns() throws IOException {
        Running running = program.start("run", "--dev");
        running.awaitStderr("user: complete");
        int untilThen = running.stderr().length();
        feed.put(FeedRecord.user("26", "2024-01-02T00:00:00Z"));
        addSteps(recipe("drop"));
        running.awaitStderr("user: complete", untilThen);

        assertThat(running.stderr())
                .contains(STREAM + ": edited; all streams end after the page at hand and start again");
        assertThat(beside().jdbc()
                        .queryForList("SELECT \"email\" FROM \"user\" WHERE \"id\" IN ('24', '26')", String.class))
                .as("one that did not come again, and one that came with the new step")
                .hasSize(2)
                .containsOnlyOnce((String) null);
    }

    private void assertCompletes(String... command) {
        Ended ended = program.run(command);
        assertThat(ended.code()).as(ended.stderr() + ended.stdout()).isZero();
    }

    private List<String> column(String name) {
        return program.saved().jdbc().queryForList("SELECT \"" + name + "\" FROM \"user\"", String.class);
    }

    private static String recipe(String name) throws IOException {
        Matcher block = Pattern.compile("<!-- recipe " + name + ": [^\n]*-->\n```\\w+\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("docs", "recipes.md")));
        assertThat(block.find()).as(name).isTrue();
        return block.group(1);
    }

    private void addSteps(String steps) {
        UnaryOperator<String> change = yaml -> yaml.replace("      steps:\n", "      steps:\n" + steps.indent(8));
        program.edit(STREAM, change);
    }

    /** The Kamelet with more steps right behind the one of this id. */
    private static String after(String id, String kamelet, String steps) {
        Matcher step = Pattern.compile("\n( +)- \\w+:\n +id: " + id + "\n").matcher(kamelet);
        assertThat(step.find()).isTrue();
        String indent = step.group(1);
        int next = kamelet.indexOf("\n" + indent + "- ", step.end());
        return kamelet.substring(0, next + 1) + steps.indent(indent.length()) + kamelet.substring(next + 1);
    }
}
