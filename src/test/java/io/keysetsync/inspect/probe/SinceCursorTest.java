package io.keysetsync.inspect.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.inspect.Finding.Level;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import java.util.Map;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whether the filter includes its cursor, and whether the API takes the notation of the cursor. */
class SinceCursorTest extends ProbeExample {

    @ParameterizedTest
    @ValueSource(strings = {"ascending", "descending", "shuffled", "onePage"})
    void findsAStrictFilterInEachOrder(String order) {
        UnaryOperator<Scenario> ordered = scenario -> switch (order) {
            case "descending" -> scenario.descending();
            case "shuffled" -> scenario.shuffled(7);
            case "onePage" -> scenario.pageSize(100);
            default -> scenario;
        };

        ApiFindings strict = check(ordered.apply(plain().strict()));
        assertThat(found(strict, Level.NOTE)).anyMatch(what -> what.contains("leaves the cursor itself out (>)"));
        assertThat(strict.parameters()).isEqualTo(Map.of("lookback", "PT1S"));
        assertThat(problems(strict)).isEmpty();

        ApiFindings inclusive = check(ordered.apply(plain()));
        assertThat(found(inclusive, Level.OK)).contains("updated_since includes the cursor itself (>=)");
        assertThat(inclusive.parameters()).isEmpty();
    }

    @Test
    void findsTheLookbackOfMillisecondsAndThatItIsSet() {
        feed().put(FeedRecord.user("1", "2023-12-31T00:00:00.123Z"));
        ApiFindings fine = check(plain().strict());
        assertThat(fine.parameters()).isEqualTo(Map.of("lookback", "PT0.001S"));

        ApiFindings set = check(plain().strict(), "lookback=PT1M");
        assertThat(set.parameters()).isEmpty();
        assertThat(found(set, Level.NOTE)).anyMatch(what -> what.endsWith("without lookback, which is set"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "\\d{1,10}; epochSeconds",
                "0|\\d{12,13}; epochMillis",
                "\\S+ \\S+; yyyy-MM-dd HH:mm:ss",
                "\\d+-\\d+-\\d+; yyyy-MM-dd",
            })
    void findsTheNotationThatAnApiTakesWhichRefusesOthers(String taken, String format) {
        ApiFindings check = check(taking(taken, format), "initialCursor=");

        assertThat(problems(check))
                .singleElement()
                .asString()
                .startsWith("updated_since is refused as it is sent, 2024-01-01T00:04:00Z: ")
                .contains("HTTP 400");
        assertThat(check.parameters()).isEqualTo(Map.of("cursorFormat", format));
        assertThat(problems(check(taking(taken, format), "cursorFormat=" + format)))
                .as("with what was said")
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void findsTheNotationThatAnApiTakesWhichIgnoresOthers(boolean isSentFromTheBeginning) {
        Scenario scenario = taking("\\d{1,10}", "epochSeconds").ignoresUnreadableFilters();
        ApiFindings check = isSentFromTheBeginning ? check(scenario) : check(scenario, "initialCursor=");

        assertThat(problems(check))
                .containsExactly("updated_since makes no difference as it is sent, 2024-01-01T00:04:00Z: the API gave"
                        + " its first page again, with 4 older records");
        assertThat(check.parameters()).isEqualTo(Map.of("cursorFormat", "epochSeconds"));
        assertThat(problems(check(scenario, "cursorFormat=epochSeconds"))).isEmpty();
    }

    private Scenario taking(String notation, String format) {
        Scenario scenario = plain().cursorFormat(notation);
        return format.startsWith("yyyy") ? scenario.cursorPattern(format) : scenario;
    }

    @Test
    void saysThatTheFilterMakesNoDifferenceInAnyNotation() {
        ApiFindings check = check(plain().cursorParam("changed_after"));

        assertThat(problems(check))
                .singleElement()
                .asString()
                .startsWith("updated_since makes no difference")
                .contains("other notations are ignored, too: ", "1704067440, ");
        assertThat(check.parameters()).isEmpty();
        assertThat(found(check, Level.OK)).noneMatch(what -> what.contains("includes the cursor"));
    }

    @Test
    void asksForNothingSinceACursorThatIsNotSent() {
        ApiFindings check = check(plain(), "cursorParam=");

        assertThat(problems(check)).isEmpty();
        assertThat(check.findings()).noneMatch(finding -> finding.what().contains("filter"));
        assertThat(requests()).hasSize(3);
    }

    @Test
    void doesNotTakeAFilterByDaysForNone() {
        String page = "{\"data\": [" + user(1) + "," + user(2) + "," + user(3) + "]}";
        ApiFindings check = check(plain().always(Fault.json(200, page))
                .when(request -> since(request).compareTo("2025") > 0, Fault.json(200, "{\"data\": []}")));

        assertThat(problems(check)).isEmpty();
        assertThat(check.parameters()).isEmpty();
        assertThat(requests()).hasSize(3);
    }

    @Test
    void saysThatTheFilterLeavesOutTooMuch() {
        ApiFindings check = check(plain().when(
                        request -> since(request).startsWith("2024")
                                || since(request).startsWith("17"),
                        Fault.json(200, "{\"data\": []}")));

        assertThat(problems(check))
                .containsExactly("updated_since leaves out too much as it is sent, 2024-01-01T00:04:00Z: the API has"
                        + " listed later records, and gave none of them");
        assertThat(check.parameters()).isEmpty();
    }

    @Test
    void saysThatTheInitialCursorAloneIsRefused() {
        ApiFindings check = check(plain().when(request -> since(request).startsWith("1970"), Fault.status(400)));

        assertThat(problems(check))
                .singleElement()
                .asString()
                .startsWith("the API refuses the initial cursor, 1970-01-01T00:00:00Z, and answers without one: ");
        assertThat(check.parameters()).isEqualTo(Map.of("initialCursor", ""));
    }

    @Test
    void findsTheNotationOfAnApiThatWantsACursorInEachScroll() {
        Scenario scenario = taking("\\d{1,10}", "epochSeconds")
                .when(request -> request.parameters().isEmpty(), Fault.status(400));
        ApiFindings check = check(scenario, "initialCursor=0001-01-01T00:00:00Z");

        assertThat(problems(check)).singleElement().asString().startsWith("the API refuses the initial cursor, 0001-");
        assertThat(check.parameters()).isEqualTo(Map.of("cursorFormat", "epochSeconds", "initialCursor", "auto"));
    }

    @Test
    void asksForNothingThatTheApiDoesNotRemember() {
        Scenario scenario = plain().when(request -> since(request).startsWith("20"), Fault.status(410));
        ApiFindings check = check(scenario, "initialCursor=", "retention=P30D");

        assertThat(problems(check)).isEmpty();
        assertThat(found(check, Level.NOTE))
                .contains("whether the filter includes the cursor (>=) could not be told: the records that the API has"
                        + " listed are older than retention");
        assertThat(check.parameters()).isEmpty();
    }

    @Test
    void staysInTheFirstWindow() {
        ApiFindings check = check(
                plain(),
                "step=P1D",
                "query=updated_since={cursor}&until={until}",
                "initialCursor=2024-01-01T00:00:00Z",
                "sendCursor=first",
                "cursorParam=");

        assertThat(problems(check)).isEmpty();
        assertThat(found(check, Level.OK)).contains("{cursor} includes the cursor itself (>=)");
    }

    private static String since(Request request) {
        return Objects.requireNonNullElse(request.parameter("updated_since"), "");
    }

    private static String user(int hour) {
        return "{\"id\": \"%d\", \"updatedAt\": \"2024-01-01T0%d:00:00Z\"}".formatted(hour, hour);
    }
}
