package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes and failures: each is one line that names the culprit and says what to do, and none loses what is there. Each
 * case begins with a copy that has synced before, and an API that has something new.
 */
@TestInstance(Lifecycle.PER_CLASS)
class BadInputIT {

    private static final String YAML = "routes/user.camel.yaml";
    private static final String SCHEMA = "routes/user.schema.json";
    /** Listens nowhere: the port is that of TCP's port service multiplexer, which needs root and is long gone. */
    private static final String NOBODY = "127.0.0.1:1";

    private final Feed feed = Feed.users(60);

    private ScenarioApi api;
    private Program synced;
    private Map<String, Object> before;
    private Program program;

    @BeforeAll
    void sync(@TempDir Path temp) {
        api = ScenarioApi.of(feed).start();
        synced = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.user.url", api.url())
                .parameter("attempts", "2")
                .parameter("retryDelay", "PT0.01S");
        Ended ended = synced.run("once");
        assertThat(ended.code()).as(ended.stderr()).isZero();
        before = synced.saved().state();
        feed.put(FeedRecord.user("1", "2024-02-01T00:00:00Z"));
    }

    @BeforeEach
    void copy(@TempDir Path fresh) {
        api.reset(ScenarioApi.of(feed));
        program = synced.copyTo(fresh);
    }

    @AfterEach
    void kill() {
        program.close();
    }

    @AfterAll
    void stop() {
        synced.close();
        api.close();
    }

    static Stream<Arguments> wrongSettings() {
        return Stream.of(
                setting("sync.user.schedule", "every day", "stream user", "schedule 'every day'", "Quartz cron"),
                setting("sync.user.schedule", "0 0 0 1 1 ? 1999", "stream user", "1999' has no future run"),
                setting("sync.user.url", "localhost:80", "stream user", "url 'localhost:80'", "http or https"),
                setting("sync.database.url", "jdbc:oracle:thin:@x", "'oracle' is unknown", "h2, postgresql, mariadb"),
                setting("sync.database.url", "jdbc:mysql://x/y", "MySQL has not been tested", "jdbc:mariadb:"),
                setting("sync.database.url", "postgres://me:secret@x/y", "'postgres…' is not a JDBC URL", "jdbc:h2:"),
                setting("sync.databse.url", "jdbc:h2:mem:x", "-Dsync.databse.url", "application.properties", "spelt"),
                setting("sync.concurrency", "0", "sync.concurrency '0'", "whole number of at least 1"),
                setting("camel.main.routes-reload-enabled", "true", "routes-reload-enabled 'true'", "run --dev"),
                setting("camel.main.routes-reload-enabled", "maybe", "routes-reload-enabled 'maybe'", "run --dev"),
                setting("sync.history", "90 days", "sync.history '90 days'", "period such as P90D", "empty"),
                setting("sync.demo-api", "maybe", "sync.demo-api 'maybe'", "true nor false"),
                setting("sync.cluster", "yes", "sync.cluster 'yes'", "true nor false"),
                setting("sync.cluster", "true", "'once'", "beside their cluster", "run now", "-Dsync.cluster=false"),
                arguments(
                        "a named stream of a cluster",
                        change(p -> {}),
                        "run user -Dsync.cluster=true",
                        of("beside their cluster", "'run' without names")),
                arguments(
                        "a cluster on H2",
                        change(p -> {}),
                        "run -Dsync.cluster=true",
                        of("sync.cluster needs", "PostgreSQL or MariaDB", "names h2")),
                arguments("an unknown stream", change(p -> {}), "once users", of("stream 'users' is unknown", "user")),
                arguments("no setting", change(p -> {}), "once -D=", of("-D needs a setting")),
                arguments("an unknown option", change(p -> {}), "once --fast", of("'--fast'", "--help")),
                arguments(
                        "a cursor of tomorrow", change(p -> {}), "state set user tomorrow", of("'tomorrow'", "epoch")),
                arguments("no state file", change(p -> {}), "state import user gone.json", of("'gone.json' can't be")),
                arguments("no command of state", change(p -> {}), "state", of("subcommand", "state --help")),
                arguments("an unknown command", change(p -> {}), "twice", of("'twice'", "--help")));
    }

    static Stream<Arguments> wrongParameters() {
        return Stream.of(
                parameter("shedule", "x", "has no parameter 'shedule'", "schedule"),
                parameter("lookback", "5m", "lookback '5m'", "PT5M"),
                parameter("paging", "pages", "paging 'pages' must be one of scroll, link, linkHeader, page, offset"),
                parameter("paging", "reanchor", "paging 'reanchor' is written reanchor: true now"),
                parameter("cursorFormat", "yyyy-MM-dd oops", "cursorFormat 'yyyy-MM-dd oops'"),
                parameter("cursorZone", "Europe/Nowhere", "cursorZone 'Europe/Nowhere'", "not a time zone"),
                parameter("cursorField", "items.*.at", "cursorField 'items.*.at' must lead to one value"),
                parameter("recordsField", "a..b", "recordsField 'a..b'"),
                parameter("cursorField", "jq:.a //", "stream user", "cursorField 'jq:.a //': is not a jq expression"),
                parameter("moreField", "jq:more(.)", "moreField 'jq:more(.)': has the function more/1", "not exist"),
                parameter("query", "since={curser}", "unknown placeholder {curser}", "{cursor}, {until}, {token}"),
                parameter("headers", "no colon", "headers needs one 'Name: value' a line"),
                parameter("body", "file:gone.json", "body 'file:gone.json' can't be read"),
                parameter("paging", "link", "paging 'link' needs scrollField"),
                parameter("step", "P30D", "step 'P30D' needs {until}"),
                parameter("maxEmptyPages", "many", "maxEmptyPages 'many'", "whole number of at least 1"));
    }

    static Stream<Arguments> wrongFiles() {
        return Stream.of(
                edit("no url", YAML, " +url: .*\n", "", "stream user", "keyset-sync-source", "'url'", "add it"),
                edit("no schema", YAML, " +schema: .*\n", "", "stream user", "jdbc-upsert-sink", "'schema'", "add it"),
                edit(
                        "indentation",
                        YAML,
                        "\n      steps:",
                        "\n     steps:",
                        YAML + ", line ",
                        "expected",
                        "indentation"),
                edit("misspelt", YAML, "    from:", "    form:", YAML + ", line ", "Unsupported field: form"),
                edit("unknown step", YAML, "- to:", "- too:", YAML + ", line ", "too"),
                edit("unknown Kamelet", YAML, "jdbc-upsert-sink", "jdbc-sink", "no Kamelet 'jdbc-sink'", "correct"),
                edit(
                        "jq",
                        YAML,
                        "      steps:\n",
                        "      steps:\n        - to: {uri: kamelet:jq-records-action, parameters: {jq: .name = (}}\n",
                        "stream user: parameter jq '.name = ('",
                        "line 1, column 9"),
                edit("unset", YAML, "sync.user.url", "sync.users.url", "'sync.users.url'", "SYNC_USERS_URL"),
                edit("not JSON", SCHEMA, "\\{\n", "", "stream user", SCHEMA, "not JSON", "line 1"),
                edit(
                        "type",
                        SCHEMA,
                        "\"name\": \"STRING\"",
                        "\"name\": \"TEXT\"",
                        "stream user",
                        SCHEMA,
                        "'TEXT'",
                        "known"),
                edit(
                        "a table that doesn't fit",
                        SCHEMA,
                        "\"name\": \"STRING\"",
                        "\"name\": \"INT\"",
                        "stream user",
                        "does not fit its schema",
                        "can't hold every INT",
                        "ALTER TABLE"),
                edit("key", SCHEMA, "\\[\"id\"\\]", "[\"ID\"]", "stream user", SCHEMA, "'ID'", "columns"),
                arguments("no schema file", without(SCHEMA), "once", of("stream user", SCHEMA, "create it")),
                arguments(
                        "two routes",
                        change(BadInputIT::addRoute),
                        "once",
                        of("stream 'user' has two routes", "rename")),
                arguments("no stream", without(YAML), "once", of("no stream", "routes/*.camel.yaml")),
                arguments(
                        "no settings",
                        without("application.properties"),
                        "once",
                        of("no application.properties in /", "bin/keyset-sync")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"wrongSettings", "wrongParameters", "wrongFiles"})
    void isOneLineBeforeAnyRequest(String what, Consumer<Program> mistake, String command, List<String> words) {
        mistake.accept(program);

        Ended ended = program.run(command.split(" "));

        assertThat(ended.stderr().lines())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains(words);
        assertThat(ended.errors()).hasSize(1);
        assertThat(ended.stderr()).doesNotContain("secret");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
        assertThat(program.saved().state()).isEqualTo(before);
    }

    @Test
    void aStartThatFailsMakesNoDatabase() {
        Ended ended = program.with("sync.database.url", "jdbc:h2:file:./other/db")
                .parameter("lookback", "5m")
                .run("once");

        assertThat(ended.code()).as(ended.stderr()).isEqualTo(2);
        assertThat(program.folder().resolve("other")).isDirectoryNotContaining("glob:**.mv.db");
    }

    /** A service manager starts it again, which it doesn't do after a wrong setting. */
    @Test
    void aNodeWhoseDatabaseIsAwayEndsWithOneLine() {
        Ended ended = program.with("sync.cluster", true)
                .with("sync.database.url", "jdbc:postgresql://" + NOBODY + "/x")
                .run("run");

        assertThat(ended.code()).as(ended.stderr()).isEqualTo(1);
        assertThat(ended.errors()).singleElement().asString().contains("the database: ", NOBODY);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                setting("sync.user.url", "http://" + NOBODY + "/records", NOBODY, "refused", "check", "(2 attempts)"),
                setting("sync.database.url", "jdbc:postgresql://" + NOBODY + "/x", "database", NOBODY, "check"),
                setting("sync.database.password", "wrong", "database", "Wrong user name or password", "check"));
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                arguments("not found", Fault.status(404), of("HTTP 404", "check the url")),
                arguments("a page for humans", Fault.html(), of("not JSON", "(2 attempts)")),
                arguments("an error as a success", Fault.errorBodyUnder200(), of("'data'", "(2 attempts)")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("failures")
    void endsTheRunWithOneLine(String what, Consumer<Program> mistake, String command, List<String> words) {
        mistake.accept(program);

        failsWithOneLine(words);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("faults")
    void ofTheApiEndsTheRunWithOneLine(String what, Fault fault, List<String> words) {
        api.change(scenario -> scenario.always(fault));

        failsWithOneLine(words);
    }

    private void failsWithOneLine(List<String> words) {
        Ended ended = program.run("once");

        assertThat(ended.errors())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains("stream user: ")
                .contains(words);
        assertThat(ended.stderr()).doesNotContain("\tat ");
        assertThat(ended.stdout()).contains("| failed");
        assertThat(ended.code()).isEqualTo(1);
        assertThat(program.saved().state()).isEqualTo(before);
    }

    @Test
    void debugAddsTheStackTrace() {
        Ended ended = program.edit(SCHEMA, json -> "").run("once", "--debug");

        assertThat(ended.errors()).hasSize(1);
        assertThat(ended.stderr()).contains("ConfigurationException", "\tat io.keysetsync.");
        assertThat(ended.code()).isEqualTo(2);
    }

    @Test
    void aRunKeepsTryingOnItsSchedule() {
        api.change(scenario -> scenario.always(Fault.status(500)));
        Running run = program.with("sync.user.schedule", "* * * * * ?").start("run");
        run.awaitStderr("HTTP 500 Server Error (2 attempts)");

        api.change(scenario -> scenario.always(Fault.none()));
        run.awaitStderr("user: complete");
        run.signal("TERM");

        assertThat(run.end().code()).isZero();
        assertThat(program.saved().rows()).isEqualTo(Saved.truth(feed));
        assertThat(program.saved().statuses()).startsWith("complete", "failed").contains("complete");
    }

    private static Arguments setting(String key, String value, String... words) {
        return arguments(key + "=" + value, change(p -> p.with(key, value)), "once", List.of(words));
    }

    private static Arguments parameter(String name, String value, String... words) {
        return arguments(
                name + ": " + value,
                change(p -> p.parameter(name, value)),
                "once",
                Stream.concat(Stream.of("stream user"), Stream.of(words)).toList());
    }

    private static Arguments edit(String what, String file, String from, String to, String... words) {
        return arguments(
                what,
                change(p -> p.edit(file, text -> {
                    String changed = text.replaceFirst(from, to);
                    assertThat(changed).isNotEqualTo(text);
                    return changed;
                })),
                "once",
                List.of(words));
    }

    /** A second file of the same stream, with another schedule, as it is left when a copy is edited half. */
    private static void addRoute(Program program) {
        program.edit(
                YAML,
                route -> route
                        + route.replaceAll("id: (\\S+)", "id: other-$1")
                                .replace("{{sync.user.schedule}}", "0 0 0 * * ?"));
    }

    private static Consumer<Program> without(String file) {
        return program -> program.delete(file);
    }

    private static Consumer<Program> change(Consumer<Program> change) {
        return change;
    }

    private static List<String> of(String... words) {
        return List.of(words);
    }
}
