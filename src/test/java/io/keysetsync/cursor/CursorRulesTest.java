package io.keysetsync.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.IsoTime;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.StringLength;
import org.jspecify.annotations.Nullable;

class CursorRulesTest {

    // Times

    /** A time, and how it is written. */
    private record Written(String text, Instant instant) {}

    @Provide
    Arbitrary<Written> times() {
        return Combinators.combine(
                        Arbitraries.longs()
                                .between(
                                        Instant.parse("0001-01-02T00:00:00Z").getEpochSecond(),
                                        Instant.parse("9999-12-30T00:00:00Z").getEpochSecond()),
                        Arbitraries.integers().between(0, 999_999_999),
                        Arbitraries.integers().between(0, 9),
                        Arbitraries.integers().between(-18 * 60, 18 * 60),
                        Arbitraries.of("Z", "", "XXX", "XX"),
                        Arbitraries.of("T", "t", " "))
                .as(CursorRulesTest::write);
    }

    private static Written write(long second, int nano, int digits, int offset, String zone, String separator) {
        int kept = nano - nano % (int) Math.pow(10, 9 - digits);
        boolean utc = zone.isEmpty() || zone.equals("Z");
        ZoneOffset zoneOffset = utc ? ZoneOffset.UTC : ZoneOffset.ofTotalSeconds(offset * 60);
        OffsetDateTime time = Instant.ofEpochSecond(second, kept).atOffset(zoneOffset);
        DateTimeFormatterBuilder format = new DateTimeFormatterBuilder()
                .appendPattern("uuuu-MM-dd")
                .appendLiteral(separator)
                .appendPattern("HH:mm:ss");
        if (digits > 0) {
            format.appendFraction(ChronoField.NANO_OF_SECOND, digits, digits, true);
        }
        DateTimeFormatter local = format.toFormatter(Locale.ROOT);
        String suffix =
                utc ? zone : DateTimeFormatter.ofPattern(zone, Locale.ROOT).format(time);
        return new Written(local.format(time) + suffix, time.toInstant());
    }

    @Property
    void aTimeIsReadAsJavaTimeReadsIt(@ForAll("times") Written time) {
        IsoTime read = IsoTime.parse(time.text());

        assertThat(read).isNotNull();
        assertThat(read.instant(ZoneOffset.UTC)).isEqualTo(time.instant());
        assertThat(read.write(time.instant(), ZoneOffset.UTC)).isEqualTo(time.text());
    }

    @Property
    void whatIsReadJavaTimeReadsToo(@ForAll @StringLength(max = 12) String tail) {
        String text = "2024-01-01T00:00:00" + tail;
        IsoTime read = IsoTime.parse(text);

        if (read != null && tail.matches("(\\.\\d{1,9})?(Z|[+-]\\d\\d:\\d\\d)?")) {
            Instant expected = read.offset() == null
                    ? LocalDateTime.parse(text).toInstant(ZoneOffset.UTC)
                    : OffsetDateTime.parse(text).toInstant();
            assertThat(read.instant(ZoneOffset.UTC)).isEqualTo(expected);
        }
    }

    @Example
    void whatIsNoTimeIsNotRead() {
        assertThat(List.of(
                        "",
                        "yesterday",
                        "2024",
                        "2024-1-1",
                        "2024-02-30",
                        "2024-01-01T",
                        "2024-01-01T25:00:00Z",
                        "2024-01-01T00:00:00.Z",
                        "2024-01-01T00:00:00.1234567890Z",
                        "2024-01-01T00:00:00+19:00",
                        "2024-01-01T00:00:00Z ",
                        "٢٠٢٤-01-01T00:00:00Z",
                        "+2024-01-01T00:00:00Z"))
                .allSatisfy(text -> assertThat(IsoTime.parse(text)).isNull());
    }

    // Positions

    @Property
    void anIntegerCountsSecondsOrMilliseconds(
            @ForAll @LongRange(min = -99_999_999_999L, max = 99_999_999_999L) long n) {
        Assume.that(!CompactDate.is("" + n));
        assertThat(position("" + n).instant()).isEqualTo(Instant.ofEpochSecond(n));
        long milliseconds = n < 0 ? n - 100_000_000_000L : n + 100_000_000_000L;
        Assume.that(!CompactDate.is("" + milliseconds));
        assertThat(position("" + milliseconds).instant()).isEqualTo(Instant.ofEpochMilli(milliseconds));
        assertThat(CursorFormat.DEFAULT.read(JsonNodeFactory.instance.numberNode(n)))
                .isEqualTo(position("" + n));
    }

    @Example
    void theEndOfTheYear9999IsWrittenInSeconds() {
        assertThat(position("253402300799").instant()).isEqualTo("9999-12-31T23:59:59Z");
        assertThat(earlier(position("253402300799"), Duration.ofDays(1))).isEqualTo("253402214399");
        assertThat(CursorFormat.DEFAULT.read(JsonNodeFactory.instance.numberNode(253402300800L)))
                .extracting(position -> ((TimePosition) position).instant())
                .isEqualTo(Instant.parse("9999-12-31T23:59:59Z").plusSeconds(1));
        assertThat(position("253402300798").instant()).isEqualTo("1978-01-11T21:31:40.798Z");
        assertThat(position("253402300801").instant()).isEqualTo("1978-01-11T21:31:40.801Z");
        assertThat(position("253402300799999").instant()).isEqualTo("9999-12-31T23:59:59.999Z");
    }

    @Example
    void aDateInDigitsAloneIsNoEpoch() {
        assertThat(List.of(
                        "1900",
                        "2024",
                        "2199",
                        "202401",
                        "20240131",
                        "20240229",
                        "202401312359",
                        "199912312359",
                        "20240131101500",
                        "21991231235959"))
                .allSatisfy(digits -> {
                    assertThat(CursorFormat.DEFAULT.parse(digits)).isNull();
                    assertThat(CursorFormat.DEFAULT.read(JsonNodeFactory.instance.numberNode(Long.parseLong(digits))))
                            .isNull();
                    assertThat(CompactDate.is(digits)).isTrue();
                    assertThat(CompactDate.is(JsonNodeFactory.instance.numberNode(new BigDecimal(digits + ".0"))))
                            .isTrue();
                });
        assertThat(List.of(
                        "0",
                        "1899",
                        "2200",
                        "202413",
                        "20230229",
                        "20241301",
                        "202401312460",
                        "20240131106000",
                        "2024013",
                        "2024013110",
                        "-20240131",
                        "1704067200"))
                .allSatisfy(digits -> {
                    assertThat(position(digits).text()).isEqualTo(digits);
                    assertThat(CompactDate.is(digits)).isFalse();
                });
        assertThat(position("-20240131").instant()).isEqualTo("1969-05-11T17:44:29Z");
        assertThat(CompactDate.is(JsonNodeFactory.instance.numberNode(new BigDecimal("1e999999999"))))
                .isFalse();
        assertThat(CompactDate.is(JsonNodeFactory.instance.numberNode(Double.NaN)))
                .isFalse();
    }

    @Example
    void whatIsNeitherATimeNorAnIntegerIsNoPosition() {
        JsonNodeFactory json = JsonNodeFactory.instance;
        assertThat(List.of(
                        json.nullNode(),
                        json.missingNode(),
                        json.booleanNode(true),
                        json.numberNode(Double.NaN),
                        json.numberNode(Long.MAX_VALUE),
                        json.numberNode(Long.MIN_VALUE),
                        json.textNode("99999999999999999999"),
                        json.textNode("-"),
                        json.objectNode()))
                .allSatisfy(
                        value -> assertThat(CursorFormat.DEFAULT.read(value)).isNull());
    }

    @Property
    void lookbackIsNeverShorterThanAskedAndKeepsTheNotation(
            @ForAll("times") Written time, @ForAll @LongRange(min = 1, max = 10_000_000_000_000L) long nanos) {
        Position position = position(time.text());
        String earlier = earlier(position, Duration.ofNanos(nanos));

        Instant sent = position(earlier).instant();
        Instant asked = time.instant().minusNanos(nanos);
        assertThat(earlier).hasSameSizeAs(time.text());
        assertThat(sent).isBetween(asked.minusSeconds(1), asked);
    }

    @Example
    void lookbackEndsAtTheYearOneAndIsWrittenAsTheCursorIs() {
        assertThat(earlier(position("2024-01-01"), Duration.ofHours(1))).isEqualTo("2023-12-31");
        assertThat(earlier(position("0001-01-01T00:00:05Z"), Duration.ofDays(1)))
                .isEqualTo("0001-01-01T00:00:00Z");
        assertThat(earlier(position("1704067200"), Duration.ofMillis(1))).isEqualTo("1704067199");
        assertThat(earlier(position("1704067200000"), Duration.ofMillis(1))).isEqualTo("1704067199999");
        assertThat(earlier(position("2024-01-01T00:00:00,5+0100"), Duration.ZERO))
                .isEqualTo("2024-01-01T00:00:00,5+0100");
    }

    // What a page lets the cursor do

    @Example
    void whileValuesAscendTheCursorFollowsBeforeTheLastDistinctOne() {
        Progress run = Progress.from(null, null);

        assertMark(run.after(at(1, 1, 1), true), null);
        assertMark(run.after(at(1, 2, 3, 3), true), 2);
        assertMark(run.after(at(1, 2), true).after(at(2, 2), true), 1);
        assertMark(run.after(at(1, 2), true).after(at(), true), 1);
        assertMark(run.after(at(1, 2), true).after(at(3), false), 3);
    }

    @Example
    void fromTheFirstValueThatGoesBackTheCursorIsHeld() {
        Progress run = Progress.from(at(5).get(0), at(5).get(0));

        assertMark(run.after(at(9, 8, 7), true), 5);
        assertMark(run.after(at(6, 7, 9, 8), true).after(at(10, 11), true), 5);
        assertMark(run.after(at(9, 8, 7), true).after(at(6), false), 9);
    }

    @Example
    void aValueBehindTheStoredCursorTakesItBackToTheRunsBeginning() {
        Progress ascended = Progress.from(at(5).get(0), at(5).get(0)).after(at(6, 7, 8), true);

        assertMark(ascended, 7);
        assertMark(ascended.after(at(7), true), 7);
        assertMark(ascended.after(at(6), true), 5);
        assertMark(ascended.after(at(6), true).after(at(9), false), 9);
    }

    @Example
    void lookbackNeverTakesTheCursorBack() {
        Progress run = Progress.from(at(5).get(0), at(2).get(0));

        assertMark(run.after(at(2, 3, 4), true), 5);
        assertMark(run.after(at(2, 3), false), 5);
    }

    @Example
    void aScrollThatBeganLaterThanTheRunMustBeReadAgainOnceAValueGoesBack() {
        Progress reanchored = Progress.from(null, null).after(at(1, 2, 3), true).reanchored(at(2).get(0));

        assertThat(reanchored.after(at(2, 3, 4), false).mustRescan()).isFalse();
        Progress wentBack = reanchored.after(at(5, 4), false);
        assertThat(wentBack.mustRescan()).isTrue();
        assertMark(wentBack, null);
    }

    @Example
    void aValueBeforeTheOneThatWasAskedForGoesBack() {
        Progress reanchored = Progress.from(null, null).after(at(1, 2, 3), true).reanchored(at(2).get(0));

        assertMark(reanchored.after(at(2, 3, 4), true), 3);
        assertThat(reanchored.after(at(1, 3, 4), true).ordered()).isFalse();
    }

    @Example
    void aWindowThatAnotherOneFollowsMovesTheMarkToItsEndAndNoFurther() {
        Progress run = Progress.from(at(1).get(0), at(1).get(0));

        assertMark(run.after(at(), false, at(9).get(0)), 9);
        assertMark(run.after(at(2, 3, 12), false, at(9).get(0)), 9);
        assertMark(run.after(at(2, 11, 12), true, at(9).get(0)), 9);
        assertMark(run.after(at(2, 3, 4), true, at(9).get(0)), 3);
    }

    @Example
    void theMarkDoesNotGoBehindAWindowsBeginning() {
        Progress first = Progress.from(null, null).after(at(1, 2), false, at(9).get(0));

        Progress second = first.nextWindow().restarted(at(9).get(0)).after(at(10, 12), true, at(19).get(0));
        assertMark(second, 10);
        assertMark(second.after(at(9), true, at(19).get(0)), 9);
    }

    // How far a run is

    @Example
    void aRunIsAsFarAsItsCursorIsOnTheWayFromItsFirstValueToNow() {
        Progress run = Progress.from(at(5).get(0), at(5).get(0));

        assertThat(run.after(at(10, 20), true).fraction(second(50))).isEqualTo(0.25);
        assertThat(run.after(at(10, 20), true).after(at(20, 40), true).fraction(second(50)))
                .isEqualTo(0.75);
        assertThat(run.after(at(10), true).fraction(second(50))).isZero();
        assertThat(run.after(at(), true)
                        .after(at(10, 20), true)
                        .after(at(), true)
                        .fraction(second(50)))
                .isEqualTo(0.25);
        assertThat(Progress.from(null, null)
                        .after(List.of(position("0001-01-01T00:00:00Z"), position("1001-01-01T00:00:00Z")), true)
                        .fraction(Instant.parse("2001-01-01T00:00:00Z")))
                .isCloseTo(0.5, within(0.0001));
    }

    @Example
    void valuesLaterThanNowCountAsNow() {
        Progress run = Progress.from(null, null);

        assertThat(run.after(at(10, 60), true).fraction(second(50))).isEqualTo(1);
        assertThat(run.after(at(60), true).fraction(second(50))).isEqualTo(1);
        assertThat(run.after(at(50), true).fraction(second(50))).isEqualTo(1);
    }

    @Example
    void howFarARunIsNobodyKnowsBeforeItsFirstValueOrOnceOneGoesBack() {
        Progress run = Progress.from(at(5).get(0), at(5).get(0));

        assertThat(run.fraction(second(50))).isNull();
        assertThat(run.after(at(), true).fraction(second(50))).isNull();
        assertThat(run.after(at(20, 10), true).fraction(second(50))).isNull();
        assertThat(run.after(at(10, 20), true).after(at(15, 40), true).fraction(second(50)))
                .isNull();
    }

    @Example
    void aScrollThatStartsOverIsMeasuredFromTheRunsFirstValue() {
        Progress run = Progress.from(null, null).after(at(10, 20, 30), true);

        Progress restarted = run.restarted(at(20).get(0));
        assertThat(restarted.fraction(second(50))).isEqualTo(0.25);
        assertThat(restarted.after(at(20, 40), true).fraction(second(50))).isEqualTo(0.75);
        assertThat(run.reanchored(at(20).get(0)).after(at(30, 40), true).fraction(second(50)))
                .isEqualTo(0.75);
        assertThat(Progress.from(null, null).after(at(10), true).restarted(null).fraction(second(50)))
                .isZero();
    }

    private static Instant second(int second) {
        return Instant.ofEpochSecond(second);
    }

    /** However pages cut an ascending feed, the cursor never passes what has not come, nor stays further than need be. */
    @Property
    void inAnAscendingFeedTheCursorIsTheLastValueWhoseTiesHaveAllCome(
            @ForAll List<@IntRange(max = 9) Integer> feed, @ForAll @IntRange(min = 1, max = 5) int pageSize) {
        List<Integer> sorted = feed.stream().sorted().toList();
        Progress run = Progress.from(null, null);
        for (int from = 0; from < sorted.size(); from += pageSize) {
            List<Integer> seen = sorted.subList(0, Math.min(from + pageSize, sorted.size()));
            run = run.after(
                    at(seen.subList(from, seen.size()).stream().mapToInt(i -> i).toArray()), true);
            int last = seen.get(seen.size() - 1);
            Integer expected =
                    seen.stream().filter(i -> i < last).max(Integer::compare).orElse(null);
            assertMark(run, expected);
        }
    }

    private static void assertMark(Progress run, @Nullable Integer second) {
        assertThat(run.mark()).isEqualTo(second == null ? null : at(second).get(0));
    }

    private static List<Position> at(int... seconds) {
        return Arrays.stream(seconds)
                .<Position>mapToObj(
                        second -> position(Instant.ofEpochSecond(second).toString()))
                .toList();
    }

    private static TimePosition position(String text) {
        Position position = CursorFormat.DEFAULT.parse(text);
        assertThat(position).as(text).isInstanceOf(TimePosition.class);
        return (TimePosition) position;
    }

    private static String earlier(Position position, Duration by) {
        return CursorFormat.DEFAULT
                .earlier(position, Lookback.of(CursorFormat.CursorType.TIME, by.toString()))
                .text();
    }
}
