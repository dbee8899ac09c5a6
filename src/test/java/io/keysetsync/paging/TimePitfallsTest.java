package io.keysetsync.paging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.function.Function;
import java.util.stream.IntStream;
import mockwebserver3.MockResponse;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Windows, time zones and fractions of a second: what makes other clients lose what lies at a border. */
class TimePitfallsTest extends PitfallExample {

    private final Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);

    /** One second before the end of the window that today follows, as the API writes times. */
    private final String beforeToday = today.minusSeconds(1).toString().replace("Z", ".000Z");

    /** A record on each side of the border between the first two windows, and one in its last second. */
    private final List<Instant> atTheBorder = List.of(
            today.minus(2, ChronoUnit.DAYS).minusSeconds(1),
            today.minus(2, ChronoUnit.DAYS).minusMillis(588),
            today.minus(2, ChronoUnit.DAYS),
            today.minus(1, ChronoUnit.DAYS).plusMillis(999));

    /** An API that compares whole seconds. */
    private static Function<Asked, MockResponse> seconds(
            List<Instant> times, BiPredicate<Long, Long> from, BiPredicate<Long, Long> to) {
        return request -> data(array(IntStream.range(0, times.size())
                .filter(i -> from.test(times.get(i).getEpochSecond(), second(request.parameter("from")))
                        && to.test(times.get(i).getEpochSecond(), second(request.parameter("to"))))
                .mapToObj(i -> user("r" + i, times.get(i).toString()))
                .toList()));
    }

    private static long second(String text) {
        return text.contains("T") ? Instant.parse(text).getEpochSecond() : Long.parseLong(text);
    }

    private void withWindows(String... more) {
        with("query=from={cursor}&to={until}", "step=P1D");
        with("initialCursor=" + today.minus(3, ChronoUnit.DAYS));
        with(more);
    }

    @ParameterizedTest
    @CsvSource({"same, true", "same, false", "epochSeconds, true", "epochSeconds, false"})
    void nothingFallsBetweenTwoWindows(String format, boolean isEndIncluded) {
        withWindows("cursorFormat=" + format);
        Function<Asked, MockResponse> api = isEndIncluded
                ? seconds(atTheBorder, (time, from) -> time > from, (time, to) -> time <= to)
                : seconds(atTheBorder, (time, from) -> time >= from, (time, to) -> time < to);

        assertThat(sync(api)).isEqualTo("complete");
        assertThat(ids()).containsExactly("r0", "r1", "r2", "r3");
        assertThat(cursor()).isEqualTo(beforeToday);
        for (int i = 1; i < asked().size(); i++) {
            assertThat(second(asked().get(i).parameter("from")))
                    .as("one second before the last window's end")
                    .isEqualTo(second(asked().get(i - 1).parameter("to")) - 1);
        }
    }

    @Test
    void laterRunReadsNoWindowAgain() {
        withWindows();
        Function<Asked, MockResponse> api = seconds(atTheBorder, (time, from) -> time >= from, (time, to) -> time < to);
        sync(api);

        assertThat(sync(api)).isEqualTo("complete");
        assertThat(sent("from").get(0)).isEqualTo(beforeToday);
        assertThat(cursor()).isEqualTo(beforeToday);
        assertThat(ids()).containsExactly("r0", "r1", "r2", "r3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"P1Y", "PT1M", "P2D"})
    void endIsNowAtMostAndNeverBecomesTheCursor(String step) {
        with("query=from={cursor}&to={until}", "step=" + step);
        with("initialCursor=" + Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(90));
        String changed =
                Instant.now().truncatedTo(ChronoUnit.SECONDS).minusSeconds(80).toString();

        assertThat(sync(request -> data(array(List.of(user("a", changed)))))).isEqualTo("complete");
        assertThat(sent("to")).allSatisfy(end -> assertThat(Instant.parse(end)).isBeforeOrEqualTo(Instant.now()));
        assertThat(ids()).containsExactly("a");
        assertThat(Instant.parse(Objects.requireNonNull(cursor())))
                .isBefore(Instant.now().minusSeconds(25));
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/Los_Angeles", "America/New_York", "UTC", "Europe/Berlin", "Asia/Tokyo"})
    void filterWithoutAnOffsetIsWrittenInTheAccountsZone(String zone) {
        with("cursorFormat=yyyy-MM-dd HH:mm:ss", "cursorZone=" + zone);
        List<Instant> times = List.of(BEGIN, BEGIN.plusSeconds(3600), BEGIN.plusSeconds(7200));

        sync(local(times.subList(0, 2), zone, false));
        assertThat(sync(local(times, zone, false))).isEqualTo("complete");
        assertThat(ids()).containsExactly("r0", "r1", "r2");
        assertThat(cursor()).isEqualTo(times.get(2).toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void hourThatComesTwiceIsNotSkipped(boolean takesTheLater) {
        String zone = "America/New_York";
        with("cursorFormat=yyyy-MM-dd HH:mm:ss", "cursorZone=" + zone, "lookback=PT1H");
        List<Instant> times = List.of(
                Instant.parse("2024-11-03T05:30:00Z"), // 01:30 for the first time
                Instant.parse("2024-11-03T06:30:00Z"), // and for the second
                Instant.parse("2024-11-03T06:45:00Z"));

        sync(local(times.subList(0, 2), zone, takesTheLater));
        assertThat(sync(local(times, zone, takesTheLater))).isEqualTo("complete");
        assertThat(sent("updated_since").get(0)).isEqualTo("2024-11-03 01:30:00");
        assertThat(ids()).containsExactly("r0", "r1", "r2");
        assertThat(cursor()).isEqualTo(times.get(2).toString());
    }

    /** In each page that ends in the second of the two hours, the cursor as it is sent is one of the first. */
    @Test
    void hourThatComesTwiceIsNotAskedForAgainAndAgain() {
        String zone = "America/New_York";
        with("cursorFormat=yyyy-MM-dd HH:mm", "cursorZone=" + zone);
        with("reanchor=true", "paging=offset", "scrollParam=skip");
        List<Instant> times = IntStream.range(0, 60)
                .mapToObj(
                        i -> Instant.parse("2024-11-03T04:30:00Z").plusSeconds(180L * i)) // 00:30 to twice 01:59 and on
                .toList();

        assertThat(sync(request -> {
                    if (asked().size() > 100) {
                        return answer(401, "{}");
                    }
                    Instant from = LocalDateTime.parse(
                                    request.parameter("updated_since"), DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm"))
                            .atZone(ZoneId.of(zone))
                            .toInstant();
                    List<String> since = IntStream.range(0, times.size())
                            .filter(i -> !times.get(i).isBefore(from))
                            .mapToObj(i -> user(id(i), times.get(i).toString()))
                            .toList();
                    return data(array(part(since, request.number("skip", 0), 8)));
                }))
                .isEqualTo("complete");
        assertThat(ids()).isEqualTo(ids(0, 59));
        assertThat(cursor()).isEqualTo(times.get(59).toString());
    }

    /** An API that reads a time without an offset in its account's zone. */
    private static Function<Asked, MockResponse> local(List<Instant> times, String zone, boolean takesTheLater) {
        DateTimeFormatter format = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");
        return request -> {
            var since = LocalDateTime.parse(request.parameter("updated_since"), format)
                    .atZone(ZoneId.of(zone));
            Instant from = (takesTheLater ? since.withLaterOffsetAtOverlap() : since).toInstant();
            return data(array(IntStream.range(0, times.size())
                    .filter(i -> !times.get(i).isBefore(from))
                    .mapToObj(i -> user("r" + i, times.get(i).toString()))
                    .toList()));
        };
    }

    @Test
    void fractionIsKeptAsWrittenAndCutDownWhenSent() {
        with("cursorFormat=epochSeconds");
        MockResponse page = data(array(List.of(user("a", "2024-01-01T00:00:00.999999Z"))));
        sync(request -> page);

        assertThat(sync(request -> page)).isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly("1704067200");
        assertThat(cursor()).isEqualTo("2024-01-01T00:00:00.999999Z");
        assertThat(ids()).containsExactly("a");
    }

    @Test
    void monthsHaveEnglishNamesWhateverTheMachineSpeaks() {
        Locale own = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            with("cursorFormat=d MMM yyyy HH:mm:ss", "query=to={until}");
            sync(request -> data(array(List.of(user("a", "2024-10-01T00:00:00Z")))));

            assertThat(sync(request -> data("[]"))).isEqualTo("complete");
            assertThat(sent("updated_since")).containsExactly("1 Oct 2024 00:00:00");
            assertThat(sent("to").get(0)).matches("\\d{1,2} [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d");
            assertThat(cursor()).isEqualTo("2024-10-01T00:00:00Z");
        } finally {
            Locale.setDefault(own);
        }
    }

    @Test
    void endThatTheApiRequiresIsNowAndTheSameForTheWholeScroll() {
        with("query=to={until}", "paging=page", "scrollParam=page");

        assertThat(sync(request -> {
                    Instant end = Instant.parse(request.parameter("to"));
                    return end.isAfter(Instant.now()) || request.parameter("to").isEmpty()
                            ? answer(400, "{\"error\":\"end\"}")
                            : data(
                                    request.number("page", 1) < 3
                                            ? users(request.number("page", 1), request.number("page", 1))
                                            : "[]");
                }))
                .isEqualTo("complete");
        assertThat(sent("to")).hasSize(3);
        assertThat(sent("to")).containsOnly(sent("to").get(0));
        assertThat(ids()).containsExactly("001", "002");
        assertThat(cursor()).isEqualTo(time(2));
    }

    @Test
    void dateOfDotNetIsACursor() {
        withCursorsOfAnyKind();
        MockResponse page = data("[{\"id\":\"a\",\"updatedAt\":\"\\/Date(1573755038314+0000)\\/\"}]");
        sync(request -> page);

        assertThat(sync(request -> page)).isEqualTo("complete");
        assertThat(sent("updated_since")).containsExactly("/Date(1573755038314+0000)/");
        assertThat(cursor()).isEqualTo("/Date(1573755038314+0000)/");
        assertThat(ids()).containsExactly("a");
    }
}
