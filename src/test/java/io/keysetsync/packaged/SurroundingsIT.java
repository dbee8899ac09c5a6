package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.FeedRecord;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Locales, variables and folders as cron, systemd, containers and users' shells have them. */
class SurroundingsIT extends OverAnApi {

    private static final String SECRET = "Schlüssel, 5 €";
    /** The secret as a shell's printf writes it, whatever the locale. */
    private static final String TYPED = "$(printf 'Schl\\303\\274ssel, 5 \\342\\202\\254')";

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

    @ParameterizedTest
    @ValueSource(strings = {"", "\uFEFF"})
    void theSettingsAreInUtf8WithAByteOrderMarkOrWithout(String mark) {
        signsIn("#property:first.secret");
        program.edit("application.properties", text -> mark + "first.secret = " + SECRET + "  \n" + text);

        isSent(program.environment("LC_ALL", "C").run("once"));
    }

    @Test
    void settingsInAnotherEncodingAreOneLine() throws IOException {
        Path file = program.folder().resolve("application.properties");
        Files.writeString(file, "sync.user.secret = " + "Schlüssel", StandardCharsets.ISO_8859_1);

        Ended ended = program.run("once");

        assertThat(ended.stderr())
                .isEqualToIgnoringNewLines(
                        "keyset-sync: application.properties is not text in UTF-8; save it as UTF-8");
        assertThat(ended.code()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SYNC_USER_SECRET=" + TYPED + " exec \"$0\" \"$@\"",
                "exec \"$0\" \"$@\" -Dsync.user.secret=" + TYPED,
                "OURS=" + TYPED + " exec \"$0\" \"$@\" -Dsync.user.secret={{env:OURS}}"
            })
    void aSecretFromOutsideIsInUtf8WhateverTheLocale(String start) {
        signsIn("#property:sync.user.secret");
        for (String locale : List.of("C", "nowhere.ISO-8859-1")) {
            isSent(behind("export LC_ALL=" + locale + "\n" + start.replace(TYPED, '"' + TYPED + '"'), "once"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SYNC_USER_SECRET=$(printf 'Schl\\374ssel') exec \"$0\" \"$@\"",
                "exec \"$0\" \"$@\" -Dsync.user.secret=$(printf 'Schl\\374ssel')",
                "OURS=$(printf 'Schl\\374ssel') exec \"$0\" \"$@\" -Dsync.user.secret={{env:OURS}}"
            })
    void whatIsNotInUtf8IsRefusedAndNeverSent(String start) {
        signsIn("#property:sync.user.secret");

        Ended ended = behind(start, "once");

        assertThat(ended.stderr().lines())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .containsAnyOf("the setting 'sync.user.secret'", "the environment variable 'OURS'")
                .contains("can't be read as UTF-8")
                .doesNotContain("ssel");
        assertThat(ended.code()).isEqualTo(2);
        assertThat(api.requests()).isEmpty();
    }

    @Test
    void theFolderMayHaveAnyNameAndOutputIsInUtf8() throws IOException {
        feed.put(
                FeedRecord.user("x", "2024-01-01T00:20:00Z").with("name", "Zoë").with("createdAt", "gestern früh"));
        String inNamed =
                """
                copy=$(printf 'gr\\303\\266\\303\\237e')
                [ -d "$copy" ] || cp -Rp "${0%/bin/*}" "$copy"
                LC_ALL=C exec "$copy/bin/keyset-sync" "$@"
                """;

        Ended once = behind(inNamed, "once");
        Ended list = behind(inNamed, "quarantine", "list", "--json");

        assertThat(once.code()).as(once.stderr()).isZero();
        JsonNode listed = new JsonMapper().readTree(list.stdout());
        assertThat(listed).hasSize(1);
        assertThat(listed.get(0).path("reason").asText()).contains("gestern früh");
        assertThat(listed.get(0).path("record").asText()).contains("Zoë");
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

    private void signsIn(String password) {
        program.parameter("auth", "basic").parameter("username", "me").parameter("password", password);
    }

    private void isSent(Ended ended) {
        assertThat(ended.code()).as(ended.stderr()).isZero();
        String signed = Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
        assertThat(api.requests()).isNotEmpty().allMatch(request -> ("Basic " + signed)
                .equals(request.header("authorization")));
    }

    /** Runs the program from a shell's script, which has its path as {@code $0} and its arguments as {@code $@}. */
    private Ended behind(String script, String... arguments) {
        return program.startBehind(List.of("sh", "-euc", script), arguments).end();
    }
}
