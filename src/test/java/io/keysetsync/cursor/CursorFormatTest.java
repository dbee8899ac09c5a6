package io.keysetsync.cursor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position.TimePosition;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CursorFormatTest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private static CursorFormat time(String sentAs, String zone) {
        return CursorFormat.of(CursorType.TIME, sentAs, ZoneId.of(zone));
    }

    private static CursorFormat of(CursorType type) {
        return CursorFormat.of(type, "same", ZoneOffset.UTC);
    }

    private static @Nullable Position read(CursorFormat format, String json) throws Exception {
        JsonNode value = JSON.readTree(json);
        return format.read(value);
    }

    private static Position parse(CursorFormat format, String text) {
        return Objects.requireNonNull(format.parse(text), text);
    }

    private static @Nullable Instant instant(CursorFormat format, String text) {
        return format.parse(text) instanceof TimePosition time ? time.instant() : null;
    }

    // Reading times

    /** Each line: JSON as an API writes it, and the instant; none if it is no time. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "\"2024-02-29T12:00:00Z\"                       | 2024-02-29T12:00:00Z",
                "\"2024-02-29T12:00:00-00:00\"                  | 2024-02-29T12:00:00Z",
                "\"2024-02-29T12:00:00-0030\"                   | 2024-02-29T12:30:00Z",
                "\"2024-02-29T12:00:00+02:00\"                  | 2024-02-29T10:00:00Z",
                "\"2024-02-29T12:00:00.123456789-11\"           | 2024-02-29T23:00:00.123456789Z",
                "\"2024-02-29 12:00\"                           | 2024-02-29T12:00:00Z",
                "\"2024-02-29\"                                 | 2024-02-29T00:00:00Z",
                "\"Thu, 29 Feb 2024 12:00:00 GMT\"              | 2024-02-29T12:00:00Z",
                "\"Thu, 29 Feb 2024 12:00:00 +0200\"            | 2024-02-29T10:00:00Z",
                "\"29 Feb 2024 12:00 -0000\"                    | 2024-02-29T12:00:00Z",
                "\"Fri, 1 Mar 2024 12:00:00 PST\"               | 2024-03-01T20:00:00Z",
                "\"Fri, 29 Feb 2024 12:00:00 GMT\"              |",
                "\"Thu, 30 Feb 2024 12:00:00 GMT\"              |",
                "\"Thu, 29 Feb 2024 12:00:00 CET\"              |",
                "\"Thu, 29 Foo 2024 12:00:00 GMT\"              |",
                "\"\\/Date(1573755038314+0000)\\/\"             | 2019-11-14T18:10:38.314Z",
                "\"/Date(1573755038314)/\"                      | 2019-11-14T18:10:38.314Z",
                "\"/Date(-1-0500)/\"                            | 1969-12-31T23:59:59.999Z",
                "\"/Date(x)/\"                                  |",
                "0                                              | 1970-01-01T00:00:00Z",
                "-1                                             | 1969-12-31T23:59:59Z",
                "99999999999                                    | 5138-11-16T09:46:39Z",
                "100000000000                                   | 1973-03-03T09:46:40Z",
                "300000000000000                                | +11476-08-15T05:20:00Z",
                "300000000000001                                | 1979-07-05T05:20:00.000001Z",
                "-300000000000001                               | 1960-06-29T18:39:59.999999Z",
                "1704067200123456                               | 2024-01-01T00:00:00.123456Z",
                "\"1704067200123456\"                           | 2024-01-01T00:00:00.123456Z",
                "253402300799                                   | 9999-12-31T23:59:59Z",
                "253402300799999999                             | 9999-12-31T23:59:59.999999Z",
                "253402300800000000                             |",
                "-62135596800000000                             | 0001-01-01T00:00:00Z",
                "-62135596800000001                             |",
                "9223372036854775807                            |",
                "\"9999999999999999999\"                        |",
                "1503435956.000247                              | 2017-08-22T21:05:56.000247Z",
                "\"1503435956.000247\"                          | 2017-08-22T21:05:56.000247Z",
                "1503435956000.247                              | 2017-08-22T21:05:56.000247Z",
                "-0.5                                           | 1969-12-31T23:59:59.500Z",
                "1.5e9                                          | 2017-07-14T02:40:00Z",
                "1503435956.0000000001                          |",
                "1503435956.0000000000                          | 2017-08-22T21:05:56Z",
                "1e999999                                       |",
                "20240131                                       |",
                "20240131.0                                     |",
                "\"20240131101500\"                             |",
                "\"\"                                           |",
                "\"5.\"                                         |",
                "\".5\"                                         |",
                "\"1 5\"                                        |",
                "\"yesterday\"                                  |",
                "true                                           |",
                "null                                           |",
                "{}                                             |",
                "[1]                                            |"
            })
    void timesAreReadInEveryNotation(String json, String expected) throws Exception {
        Position read = read(CursorFormat.DEFAULT, json);

        assertThat(read == null ? null : ((TimePosition) read).instant())
                .isEqualTo(expected == null ? null : Instant.parse(expected));
        if (read != null) { // what is stored must be read back
            assertThat(CursorFormat.DEFAULT.parse(read.text())).isEqualTo(read);
        }
    }

    /** Each line: a zone, a local time, the instant. */
    @ParameterizedTest
    @CsvSource({
        "America/New_York, 2024-01-15T12:00:00, 2024-01-15T17:00:00Z",
        "America/New_York, 2024-07-15T12:00:00, 2024-07-15T16:00:00Z",
        "America/New_York, 2024-07-15T12:00:00Z, 2024-07-15T12:00:00Z",
        "America/New_York, 1704067200, 2024-01-01T00:00:00Z",
        "America/New_York, 2024-11-03T00:59:59, 2024-11-03T04:59:59Z",
        "America/New_York, 2024-11-03T01:30:00, 2024-11-03T05:30:00Z",
        "America/New_York, 2024-11-03T02:00:00, 2024-11-03T07:00:00Z",
        "America/New_York, 2024-03-10T01:59:59, 2024-03-10T06:59:59Z",
        "America/New_York, 2024-03-10T02:00:00, 2024-03-10T07:00:00Z",
        "America/New_York, 2024-03-10T02:59:59, 2024-03-10T07:00:00Z",
        "America/New_York, 2024-03-10T03:00:00, 2024-03-10T07:00:00Z",
        "Europe/Berlin, 2024-01-15T12:00:00, 2024-01-15T11:00:00Z",
        "Europe/Berlin, 2024-10-27T02:30:00, 2024-10-27T00:30:00Z",
        "Europe/Berlin, 2024-10-27T03:00:00, 2024-10-27T02:00:00Z",
        "Europe/Berlin, 2024-03-31T02:30:00, 2024-03-31T01:00:00Z",
        "Europe/Berlin, 2024-03-31T03:00:00, 2024-03-31T01:00:00Z",
        "Asia/Kolkata, 2024-01-01, 2023-12-31T18:30:00Z",
        "-03:00, 2024-01-01T00:00:00, 2024-01-01T03:00:00Z"
    })
    void timeWithoutAnOffsetIsInTheStreamsZone(String zone, String text, Instant expected) {
        assertThat(instant(time("same", zone), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/New_York", "Europe/Berlin"})
    void laterLocalTimesAreNeverEarlierInstants(String zone) {
        CursorFormat format = time("same", zone);
        for (String day : List.of("2024-03-10", "2024-03-31", "2024-10-27", "2024-11-03")) {
            List<Position> quarters = new ArrayList<>();
            for (int minute = 0; minute < 24 * 60; minute += 15) {
                quarters.add(parse(format, "%sT%02d:%02d:00".formatted(day, minute / 60, minute % 60)));
            }
            assertThat(quarters).isSortedAccordingTo(Comparator.naturalOrder());
        }
    }

    /** Each line: a pattern, a zone, a text, the instant; none if it is no time. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "yyyyMMddHHmmss            | UTC           | 20240131101500           | 2024-01-31T10:15:00Z",
                "yyyyMMddHHmmss            | Europe/Berlin | 20240131101500           | 2024-01-31T09:15:00Z",
                "yyyyMMddHHmmss            | UTC           | 202401311015             |",
                "yyyyMMddHHmmss            | UTC           | 1704067200               | 2024-01-01T00:00:00Z",
                "yyyyMMdd                  | UTC           | 20240131                 | 2024-01-31T00:00:00Z",
                "yyyyMMdd                  | UTC           | 20240230                 | 1970-08-23T06:17:10Z",
                "yyyyMMdd                  | UTC           | 2024-01-31T05:00:00Z     | 2024-01-31T05:00:00Z",
                "yyyyMM                    | UTC           | 202402                   | 2024-02-01T00:00:00Z",
                "dd MMM yyyy HH:mm         | UTC           | 29 feb 2024 10:15        | 2024-02-29T10:15:00Z",
                "MM/dd/yyyy hh:mm:ss a     | UTC           | 02/29/2024 12:15:00 AM   | 2024-02-29T00:15:00Z",
                "MM/dd/yyyy hh:mm:ss a     | UTC           | 02/29/2024 12:15:00 AM x |",
                "dd/MM/yy                  | UTC           | 29/02/24                 | 2024-02-29T00:00:00Z",
                "yyyy-MM-dd HH:mm:ss.SSS   | UTC           | 2024-02-29 10:15:00.567  | 2024-02-29T10:15:00.567Z",
                "yyyy-MM-dd'T'HH:mm:ssXXX  | Europe/Berlin | 2024-02-29T10:15:00Z     | 2024-02-29T10:15:00Z",
                "yyyy-DDD                  | UTC           | 2024-060                 | 2024-02-29T00:00:00Z"
            })
    void patternIsTriedBeforeTheOtherNotations(String pattern, String zone, String text, Instant expected) {
        assertThat(instant(time(pattern, zone), text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "epoch",
                "Same",
                "epochNanos",
                "HH:mm",
                "MM-dd",
                "YYYY-MM-dd",
                "yyyy-MM-dd hh:mm",
                "yyyy-dd",
                "yyyy-MM-dd'T",
                "'now'"
            })
    void whatIsNoNotationIsRefusedInOneLine(String sentAs) {
        assertThatThrownBy(() -> time(sentAs, "UTC"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("must be same, epochSeconds, epochMillis, epochMicros or a date pattern")
                .message()
                .doesNotContain("\n");
    }

    @Test
    void onlyTimesHaveNotations() {
        assertThatThrownBy(() -> CursorFormat.of(CursorType.NUMBER, "epochSeconds", ZoneOffset.UTC))
                .hasMessageContaining("only cursorType time");
    }

    // Sending times

    /** Each line: cursorFormat, the zone, the record's text, what is sent. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "same                 | UTC              | 2024-02-29T10:15:00.567+02:00 | 2024-02-29T10:15:00.567+02:00",
                "epochSeconds         | UTC              | 2024-01-01T00:00:00.999Z      | 1704067200",
                "epochSeconds         | UTC              | 1969-12-31T23:59:59.5Z        | -1",
                "epochMillis          | UTC              | 2024-01-01T00:00:00.0009Z     | 1704067200000",
                "epochMillis          | UTC              | 1704067200                    | 1704067200000",
                "epochMicros          | UTC              | 1704067200.5                  | 1704067200500000",
                "yyyy-MM-dd HH:mm:ss  | UTC              | 2024-02-29T23:59:59.567Z      | 2024-02-29 23:59:59",
                "yyyy-MM-dd HH:mm:ss  | America/New_York | 2024-02-29T23:59:59.567Z      | 2024-02-29 18:59:59",
                "yyyy-MM-dd           | Europe/Berlin    | 2024-02-29T23:30:00Z          | 2024-03-01",
                "yyyy-MM              | UTC              | 2024-02-29T23:30:00Z          | 2024-02"
            })
    void cursorIsSentCutDownwards(String sentAs, String zone, String text, String expected) {
        CursorFormat format = time(sentAs, zone);
        Position position = parse(format, text);

        assertThat(format.sent(position)).isEqualTo(expected);
        assertThat(format.asSent(position).text()).isEqualTo(expected);
        assertThat(format.asSent(position)).isLessThanOrEqualTo(position);
    }

    @Test
    void localTimeThatComesTwiceIsSentAsTheEarlierOne() {
        CursorFormat format = time("yyyy-MM-dd HH:mm:ss", "America/New_York");
        Position second = parse(format, "2024-11-03T06:30:00Z");

        assertThat(format.sent(second)).isEqualTo("2024-11-03 01:30:00");
        assertThat(((TimePosition) format.asSent(second)).instant()).isEqualTo("2024-11-03T05:30:00Z");
    }

    /** Each line: cursorFormat, {until}, one unit before it, the initial cursor. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "same                    | 2024-03-01T00:00:59Z    | 2024-03-01T00:00:58Z         | 1970-01-01T00:00:00Z",
                "epochSeconds            | 1709251259              | 2024-03-01T00:00:58Z         | 0",
                "epochMillis             | 1709251259987           | 2024-03-01T00:00:59.986Z     | 0",
                "epochMicros             | 1709251259987654        | 2024-03-01T00:00:59.987653Z  | 0",
                "yyyy-MM-dd HH:mm:ss.SSS | 2024-03-01 00:00:59.987 | 2024-03-01T00:00:59.986Z     | 1970-01-01 00:00:00.000",
                "yyyy-MM-dd HH:mm        | 2024-03-01 00:00        | 2024-02-29T23:59:00Z         | 1970-01-01 00:00",
                "yyyy-MM-dd              | 2024-03-01              | 2024-02-29T00:00:00Z         | 1970-01-01",
                "yyyy-MM                 | 2024-03                 | 2024-02-01T00:00:00Z         | 1970-01",
                "yyyy                    | 2024                    | 2023-01-01T00:00:00Z         | 1970"
            })
    void windowsEndIsWrittenAsTheCursorIsSent(String sentAs, String until, Instant before, String initial) {
        CursorFormat format = time(sentAs, "UTC");
        Instant end = Instant.parse("2024-03-01T00:00:59.987654321Z");

        assertThat(format.sent(end)).isEqualTo(until);
        assertThat(format.beforeEnd(end)).isEqualTo(before);
        assertThat(format.initial()).isEqualTo(initial);
    }

    @Test
    void windowsEndInAZoneIsThatOfTheLocalDay() {
        CursorFormat format = time("yyyy-MM-dd", "America/New_York");

        assertThat(format.sent(Instant.parse("2024-03-11T03:00:00Z"))).isEqualTo("2024-03-10");
        assertThat(format.beforeEnd(Instant.parse("2024-03-11T03:00:00Z"))).isEqualTo("2024-03-09T05:00:00Z");
        assertThat(format.initial()).isEqualTo("1969-12-31");
    }

    // Other times in a position's notation

    /** Each line: a position, the lookback, the position before. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "2024-03-01T00:00:00.500+02:00    | PT0.001S    | 2024-03-01T00:00:00.499+02:00",
                "2024-03-01T00:00:00Z             | PT0.001S    | 2024-02-29T23:59:59Z",
                "2024-03-01 00:00                 | PT1S        | 2024-02-29 23:59",
                "Fri, 1 Mar 2024 00:00:00 GMT     | PT0.001S    | Thu, 29 Feb 2024 23:59:59 GMT",
                "Fri, 01 Mar 2024 00:00 +0100     | P30D        | Wed, 31 Jan 2024 00:00 +0100",
                "/Date(1709251200000+0100)/       | PT0.0001S   | /Date(1709251199999+0100)/",
                "1709251200                       | PT0.1S      | 1709251199",
                "1709251200.5                     | PT0.51S     | 1709251199.9",
                "1709251200000                    | PT1S        | 1709251199000",
                "1709251200000000                 | PT0.000001S | 1709251199999999",
                "100000000000                     | PT1S        | 99999999000",
                "0001-01-01T00:00:05Z             | P1D         | 0001-01-01T00:00:00Z"
            })
    void lookbackIsWrittenInThePositionsNotation(String text, String lookback, String expected) {
        Lookback by = Lookback.of(CursorType.TIME, lookback);
        Position position = parse(CursorFormat.DEFAULT, text);
        Position earlier = CursorFormat.DEFAULT.earlier(position, by);

        assertThat(earlier.text()).isEqualTo(expected);
        assertThat(earlier).isLessThan(position);
        assertThat(CursorFormat.DEFAULT.earlier(position, Lookback.NONE)).isSameAs(position);
    }

    @Test
    void lookbackOfAPatternIsWrittenInThePattern() {
        CursorFormat format = time("yyyyMMdd", "UTC");

        assertThat(format.earlier(parse(format, "20240301"), Lookback.of(CursorType.TIME, "PT1S"))
                        .text())
                .isEqualTo("20240229");
    }

    /** Each line: cursorFormat, the time to write, the position whose notation is used or none, what is written. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "same         | 2024-03-01T00:00:00.567Z | 2024-01-01T00:00:00+02:00 | 2024-03-01T02:00:00+02:00",
                "same         | 2024-03-01T00:00:00.567Z | 1704067200000             | 1709251200567",
                "same         | 2024-03-01T00:00:00.567Z |                           | 2024-03-01T00:00:00Z",
                "epochMillis  | 2024-03-01T00:00:00.567Z |                           | 1709251200567",
                "epochMillis  | 2024-03-01T00:00:00.567Z | 2024-01-01                | 2024-03-01",
                "epochMillis  | 1970-02-01T00:00:00Z     |                           | 1970-02-01T00:00:00Z",
                "same         | 1970-02-01T00:00:00Z     | 1704067200000             | 1970-02-01T00:00:00Z",
                "epochSeconds | 1970-08-23T06:15:31Z     |                           | 1970-08-23T06:15:31Z"
            })
    void timeIsWrittenSoThatItCanBeStored(String sentAs, Instant time, String like, String expected) {
        CursorFormat format = time(sentAs, "UTC");
        Position written = format.at(time, like == null ? null : format.parse(like));

        assertThat(written.text()).isEqualTo(expected);
        assertThat(format.parse(expected)).isEqualTo(written);
        assertThat(((TimePosition) written).instant()).isBeforeOrEqualTo(time);
    }

    // Numbers and texts

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "0                          | 0",
                "-5                         | -5",
                "9007199254740993           | 9007199254740993",
                "\"9007199254740993\"       | 9007199254740993",
                "123456789012345678901234567890 | 123456789012345678901234567890",
                "5.0                        | 5",
                "\"5.0\"                    | 5",
                "1e3                        | 1000",
                "\"007\"                    | 7",
                "5.5                        |",
                "\"1e3\"                    |",
                "\"+5\"                     |",
                "\"\"                       |",
                "\"2024-01-31T00:00:00Z\"   |",
                "true                       |",
                "null                       |",
                "1e999999                   |"
            })
    void numbersAreReadWithEveryDigit(String json, String expected) throws Exception {
        Position read = read(of(CursorType.NUMBER), json);

        assertThat(
                        read == null
                                ? null
                                : ((Position.NumberPosition) read).number().toString())
                .isEqualTo(expected);
        if (read != null) {
            assertThat(of(CursorType.NUMBER).parse(read.text())).isEqualTo(read);
        }
    }

    @Test
    void numbersAreComparedAsIntegersAndSentAsWritten() {
        CursorFormat format = of(CursorType.NUMBER);

        assertThat(parse(format, "9007199254740993")).isGreaterThan(parse(format, "9007199254740992"));
        assertThat(parse(format, "10")).isGreaterThan(parse(format, "9"));
        assertThat(parse(format, "5.0")).isEqualByComparingTo(parse(format, "5"));
        assertThat(format.sent(parse(format, "5.0"))).isEqualTo("5.0");
        assertThat(format.earlier(parse(format, "100"), Lookback.of(CursorType.NUMBER, "101"))
                        .text())
                .isEqualTo("-1");
        assertThat(format.initial()).isEmpty();
        assertThat(format.expected()).isEqualTo("an integer");
    }

    @Test
    void textsAreComparedByCodePoints() throws Exception {
        CursorFormat format = of(CursorType.TEXT);
        List<Position> sorted = Stream.of(
                        "01ARZ3NDEKTSV4RRFFQ69G5FAV",
                        "01HQ4Y3V2C0000000000000000",
                        "01HQ4Y3V2C0000000000000001",
                        "01HQ4Y3V2C00000000000000010",
                        "10",
                        "9",
                        "a",
                        "é",
                        "\uE000",
                        "\uFF5E",
                        "😀",
                        "😁",
                        "😁a")
                .map(text -> parse(format, text))
                .toList();

        assertThat(sorted).isSortedAccordingTo(Comparator.naturalOrder());
        assertThat(sorted.stream().sorted(Comparator.reverseOrder()).sorted()).isEqualTo(sorted);
        assertThat(Stream.of("5", "null", "\"\"", "\"\\ud83d\"", "\"a\\u0000\"", "{}"))
                .allSatisfy(json -> assertThat(read(format, json)).isNull());
        assertThat(format.initial()).isEmpty();
        assertThat(format.earlier(sorted.get(0), Lookback.of(CursorType.TEXT, "PT0S")))
                .isSameAs(sorted.get(0));
    }

    @Test
    void lookbackFitsTheType() {
        assertThat(Lookback.of(CursorType.NUMBER, "PT0S").isZero()).isTrue();
        assertThat(Lookback.of(CursorType.TEXT, "")).isEqualTo(Lookback.NONE);
        assertThat(Lookback.of(CursorType.TIME, "P1D").isZero()).isFalse();
        assertThatThrownBy(() -> Lookback.of(CursorType.NUMBER, "PT1S")).hasMessageContaining("integer");
        assertThatThrownBy(() -> Lookback.of(CursorType.NUMBER, "-1")).hasMessageContaining("integer");
        assertThatThrownBy(() -> Lookback.of(CursorType.TIME, "5")).hasMessageContaining("ISO-8601");
        assertThatThrownBy(() -> Lookback.of(CursorType.TIME, "-PT5S")).hasMessageContaining("ISO-8601");
        assertThatThrownBy(() -> Lookback.of(CursorType.TEXT, "1")).hasMessageContaining("left out");
    }

    /** Each line: a type, cursorFormat, what is sent, whether JSON has it as a number. */
    @ParameterizedTest
    @CsvSource({
        "TIME, same, 1704067200, true",
        "TIME, same, -5, true",
        "TIME, same, 1503435956.000247, true",
        "TIME, same, 2024-01-01, false",
        "TIME, epochMillis, 1704067200000, true",
        "TIME, yyyyMMdd, 20240131, false",
        "NUMBER, same, 9007199254740993, true",
        "NUMBER, same, 007, false",
        "TEXT, same, 12, false"
    })
    void whatCountsIsANumberInABody(CursorType type, String sentAs, String text, boolean expected) {
        assertThat(CursorFormat.of(type, sentAs, ZoneOffset.UTC).isSentAsNumber(text))
                .isEqualTo(expected);
    }
}
