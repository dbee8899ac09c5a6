package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The command {@code add}, as typed: a URL becomes a stream that runs. */
class AddIT extends OverAnApi {

    private static final String SECRET = "s3cret-of-orders";

    AddIT() {
        super(120);
    }

    @Override
    Scenario scenario() {
        return ScenarioApi.of(feed).nextPage(NextPage.PAGE).scrollParam("page").cursorParam("since");
    }

    @Test
    void streamIsAddedAndRuns() {
        Ended added = program.run("add", "orders", api.url());

        assertThat(added.code()).as(added.stderr()).isZero();
        assertThat(added.stderr()).isEmpty();
        assertThat(added.stdout())
                .contains(
                        "records", "data", "cursor", "updatedAt", "filter", "since", "next page", "page=2", "key", "id")
                .contains(
                        "wrote routes/orders.camel.yaml and routes/orders.schema.json",
                        "next: keyset-sync preview orders");
        assertThat(api.requests()).hasSizeLessThanOrEqualTo(20);
        assertThat(program.folder().resolve("data")).doesNotExist();

        Ended once = program.run("once", "orders");
        assertThat(once.code()).as(once.stderr()).isZero();
        assertThat(once.stdout()).containsPattern("orders +\\| complete +\\| +\\d+ \\| +\\d+ \\| +120 ");
    }

    @Test
    void secretsComeFromSettingsAndNeverIntoTheFiles() throws IOException {
        api.reset(scenario()
                .when(request -> !("Bearer " + SECRET).equals(request.header("authorization")), Fault.status(401)));

        Ended without = program.run("add", "orders", api.url());
        assertThat(without.code()).isEqualTo(1);
        assertThat(without.stderr())
                .contains("401", "-p auth=bearer -p 'token=#property:sync.orders.token'")
                .hasLineCount(1);
        Ended asItself = program.run("add", "orders", api.url(), "-p", "auth=bearer", "-p", "token=" + SECRET);
        assertThat(asItself.code()).isEqualTo(2);
        assertThat(asItself.stderr())
                .contains("-p 'token=#property:sync.orders.token' -Dsync.orders.token=", "SYNC_ORDERS_TOKEN")
                .doesNotContain(SECRET)
                .hasLineCount(1);
        assertThat(files()).isEmpty();

        Ended added = program.run(
                "-Dsync.orders.token=" + SECRET,
                "add",
                "orders",
                api.url(),
                "-p",
                "auth=bearer",
                "-p",
                "token=#property:sync.orders.token");
        assertThat(added.code()).as(added.stderr()).isZero();
        assertThat(added.stdout() + added.stderr()).doesNotContain(SECRET);
        for (Path file : files()) {
            assertThat(Files.readString(file)).doesNotContain(SECRET);
        }
        Ended once = program.environment("SYNC_ORDERS_TOKEN", SECRET).run("once", "orders");
        assertThat(once.code()).as(once.stderr()).isZero();
    }

    @Test
    void javaIsPrintedInsteadOfWritten() throws IOException {
        Ended printed = program.run("add", "orders", api.url() + "?limit=50", "--java");

        assertThat(printed.code()).as(printed.stderr()).isZero();
        assertThat(printed.stdout())
                .contains("SyncRoute.of(\"orders\", \"" + api.url() + "\")")
                .contains(".with(\"query\", \"limit=50\")", ".with(\"cursorParam\", \"since\")")
                .contains(".into(\"classpath:orders.schema.json\")", "\"primary_key\"");
        assertThat(files()).isEmpty();
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(2, List.of("add"), "Missing required parameters"),
                Arguments.of(2, List.of("add", "../orders", "{url}"), "can't be the name of a file"),
                Arguments.of(2, List.of("add", "user", "{url}"), "there is a file routes/user.camel.yaml already"),
                Arguments.of(2, List.of("add", "demo-api-request", "ftp://127.0.0.1/x"), "is not the URL of an API"),
                Arguments.of(
                        2, List.of("add", "orders", "{url}", "-p", "curserField=x"), "has no parameter 'curserField'"),
                Arguments.of(
                        2, List.of("add", "orders", "{url}?api_key=" + SECRET), "the query has a secret in api_key"),
                Arguments.of(
                        2,
                        List.of("add", "orders", "{url}", "-p", "headers=X-Api-Key: " + SECRET),
                        "-p headers has a secret in X-Api-Key"),
                Arguments.of(
                        2,
                        List.of("add", "orders", "{url}", "-p", "primary_key=nobody"),
                        "'nobody', which no record has"),
                Arguments.of(1, List.of("add", "orders", "http://127.0.0.1:1/orders"), "127.0.0.1:1"));
    }

    @ParameterizedTest(name = "{2}")
    @MethodSource("mistakes")
    void mistakeIsOneLineAndNothingIsWritten(int code, List<String> line, String said) throws IOException {
        Ended ended = program.run(
                line.stream().map(word -> word.replace("{url}", api.url())).toArray(String[]::new));

        assertThat(ended.code()).as(ended.stderr()).isEqualTo(code);
        assertThat(ended.stderr()).contains(said).doesNotContain(SECRET).hasLineCount(1);
        assertThat(files()).isEmpty();
    }

    @Test
    void answerThatIsNoJsonIsOneLine() throws IOException {
        api.reset(scenario().always(Fault.html()));

        Ended ended = program.run("add", "orders", api.url());

        assertThat(ended.code()).isEqualTo(1);
        assertThat(ended.stderr()).contains("orders: ", "nothing was written").hasLineCount(1);
        assertThat(files()).isEmpty();
    }

    /** The files of the new stream. */
    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.list(program.folder().resolve("routes"))) {
            return all.filter(file -> file.getFileName().toString().startsWith("orders"))
                    .toList();
        }
    }
}
