package io.keysetsync.inspect.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding;
import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.NextPage;
import io.keysetsync.scenario.Scenario;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether pages that are counted shift while they are read, as in a list that ascends by a time that changes. */
class OrderTest extends ProbeExample {

    private static final String SHIFT = " in a list that ascends by updatedAt: a record that changes meanwhile moves to"
            + " the end, and those after it move up into pages that have been read";

    private static List<String> about(ApiFindings check, Level level) {
        return found(check, level).stream()
                .filter(what -> what.contains("move up into pages"))
                .toList();
    }

    private static void assertSilent(ApiFindings check) {
        assertThat(problems(check)).isEmpty();
        assertThat(about(check, Level.NOTE)).isEmpty();
        assertThat(check.parameters()).doesNotContainKey("reanchor");
    }

    @ParameterizedTest
    @CsvSource({"PAGE, page, number", "OFFSET, offset, offset"})
    void findsThatCountedPagesShift(NextPage kind, String paging, String what) {
        Scenario scenario = plain().nextPage(kind).scrollParam("at");
        ApiFindings check = check(scenario, "paging=" + paging, "scrollParam=at");

        assertThat(problems(check)).containsExactly("pages by " + what + " skip records" + SHIFT);
        assertThat(check.parameters()).isEqualTo(Map.of("reanchor", "true"));
        assertThat(check.findings()).noneMatch(finding -> finding.advice().contains("safe either way"));
        assertSilent(check(scenario, "paging=" + paging, "scrollParam=at", "reanchor=true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"descending", "shuffled", "one page", "one time"})
    void isSilentIfTheListDoesNotAscend(String order) {
        Scenario scenario = plain().nextPage(NextPage.PAGE).scrollParam("page");
        if (order.equals("one time")) {
            feed().truth().keySet().forEach(id -> feed().put(FeedRecord.user(id, "2024-01-01T00:00:00Z")));
        }
        Scenario ordered =
                switch (order) {
                    case "descending" -> scenario.descending();
                    case "shuffled" -> scenario.shuffled(7);
                    case "one page" -> scenario.pageSize(40);
                    default -> scenario;
                };

        assertSilent(check(ordered, "paging=page", "scrollParam=page"));
    }

    @Test
    void isSilentIfTheApiCannotFilter() {
        assertSilent(check(
                plain().nextPage(NextPage.PAGE).scrollParam("page"),
                "paging=page",
                "scrollParam=page",
                "cursorParam="));
    }

    @ParameterizedTest
    @CsvSource({"modified_at, PROBLEM", "lastChange, PROBLEM", "created_at, OK", "date_sent, OK", "ts, NOTE"})
    void doesNotTakeATimeThatStaysForOneThatChanges(String cursorField, Level level) {
        ApiFindings check = check(
                plain().cursorField(cursorField).nextPage(NextPage.PAGE).scrollParam("page"),
                "cursorField=" + cursorField,
                "paging=page",
                "scrollParam=page");

        assertThat(about(check, Level.PROBLEM)).hasSize(level == Level.PROBLEM ? 1 : 0);
        assertThat(about(check, Level.NOTE)).hasSize(level == Level.NOTE ? 1 : 0);
        assertThat(check.parameters().containsKey("reanchor")).isEqualTo(level == Level.PROBLEM);
    }

    @ParameterizedTest
    @CsvSource({
        "PAGE, 1, scroll, tokens",
        "PAGE, 0, scroll, tokens",
        "OFFSET, 0, scroll, tokens",
        "PAGE, 1, linkHeader, links",
        "OFFSET, 0, linkHeader, links"
    })
    void saysThatReanchorHelpsOverTokensAndLinksThatCount(NextPage kind, int first, String paging, String what) {
        for (int i = 1; i <= 40; i++) {
            feed().remove("" + i);
            feed().put(FeedRecord.user("u" + i, "2024-01-01T00:%02d:00Z".formatted(i)));
        }
        Scenario scenario =
                plain().nextPage(kind).firstPage(first).tellsNextNumber().linksWithFilter();
        ApiFindings check = check(scenario, "paging=" + paging, "sendCursor=always");

        assertThat(problems(check)).isEmpty();
        assertThat(about(check, Level.NOTE))
                .containsExactly(what + " that count pages or records may skip some" + SHIFT);
        assertThat(check.findings())
                .extracting(Finding::advice)
                .contains("if the API counts, set reanchor to true, which asks since each page's cursor instead");
        assertThat(check.parameters()).isEmpty();
        assertSilent(check(scenario, "paging=" + paging, "sendCursor=always", "reanchor=true"));
        assertSilent(check(scenario.descending(), "paging=" + paging, "sendCursor=always"));
    }

    @Test
    void doesNotTakeTheKeyOfTheLastRecordForACount() {
        Scenario scenario = plain().nextPage(NextPage.OFFSET).tellsNextNumber(); // user 5 is the fifth
        assertSilent(check(scenario, "sendCursor=always"));
    }

    @ParameterizedTest
    @EnumSource(
            value = NextPage.class,
            names = {"TOKEN", "LINK_HEADER"})
    void isSilentAboutTokensThatTellNothing(NextPage kind) {
        ApiFindings check =
                check(plain().nextPage(kind), "paging=" + (kind == NextPage.TOKEN ? "scroll" : "linkHeader"));

        assertSilent(check);
    }
}
