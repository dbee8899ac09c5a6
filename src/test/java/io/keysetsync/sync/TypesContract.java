package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.table.TableSchema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;

/** A value of each type arrives as it was sent, or sets its record aside, on every database. */
abstract class TypesContract {

    /** Numbers of the same value are equal: PostgreSQL's {@code jsonb} writes 1e2 as 100. */
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS)
            .build();

    private static final String UPDATED = "\"updatedAt\": \"2024-02-29T23:59:59.123456+02:00\"";

    private final TestDatabase database = database();

    abstract TestDatabase database();

    @Test
    void whatIsReadBackEqualsWhatWasSent() throws Exception {
        byte[] bytes = {0, 1, -1, 127, -128};
        sync(
                """
                {"id": 9007199254740993, "boolean": true, "short": -32768, "int": 2147483647,
                 "long": -9223372036854775808, "decimal": 1234567890123456789012345678.0123456789, "float": 1.5,
                 "double": 0.1, "date": "0001-01-01", "datetime": "9999-12-31T23:59:59.999999", %s,
                 "binary": "%s", "xml": "<a>ü</a>", "string": "\\"'\\n😀", "json": {"a": [1, null, "x"]}}"""
                        .formatted(UPDATED, Base64.getEncoder().encodeToString(bytes)));

        database.jdbc().query("SELECT * FROM \"types\"", row -> {
            assertThat(row.getLong("id")).isEqualTo(9007199254740993L);
            assertThat(row.getBoolean("boolean")).isTrue();
            assertThat(row.getInt("short")).isEqualTo(Short.MIN_VALUE);
            assertThat(row.getInt("int")).isEqualTo(Integer.MAX_VALUE);
            assertThat(row.getLong("long")).isEqualTo(Long.MIN_VALUE);
            assertThat(row.getBigDecimal("decimal"))
                    .isEqualByComparingTo(new BigDecimal("1234567890123456789012345678.0123456789"));
            assertThat(row.getFloat("float")).isEqualTo(1.5f);
            assertThat(row.getDouble("double")).isEqualTo(0.1);
            assertThat(row.getObject("date", LocalDate.class)).isEqualTo(LocalDate.of(1, 1, 1));
            assertThat(row.getObject("datetime", LocalDateTime.class))
                    .isEqualTo(LocalDateTime.parse("9999-12-31T23:59:59.999999"));
            assertThat(database.instant(row, "updatedAt")).isEqualTo(Instant.parse("2024-02-29T21:59:59.123456Z"));
            assertThat(row.getBytes("binary")).isEqualTo(bytes);
            assertThat(row.getString("xml")).isEqualTo("<a>ü</a>");
            assertThat(row.getString("string")).isEqualTo("\"'\n😀");
            assertThat(tree(row.getString("json"))).isEqualTo(tree("{\"a\": [1, null, \"x\"]}"));
        });
        assertThat(database.runs("types").get(0).get("upserted")).isEqualTo(1L);
    }

    /** A value as it is sent, and as it is read back. */
    private record Sample(String field, String json, Object read) {}

    private static Sample sample(String field, String json, Object read) {
        return new Sample(field, json, read);
    }

    private static String quoted(String text) {
        return new TextNode(text).toString();
    }

    private static Stream<Sample> times(String field, String text) {
        LocalDateTime time = LocalDateTime.parse(text);
        return field.equals("datetime")
                ? Stream.of(sample(field, quoted(text), time))
                : Stream.of(
                        sample(field, quoted(text + "Z"), time.toInstant(ZoneOffset.UTC)),
                        sample(field, quoted(text), time.toInstant(ZoneOffset.UTC)));
    }

    private static List<Sample> samples() {
        String long1 = "x".repeat(1 << 20);
        String wide = "é😀".repeat(1 << 18);
        List<Sample> samples = new ArrayList<>(List.of(
                sample("boolean", "true", true),
                sample("boolean", "false", false),
                sample("boolean", "\"false\"", false),
                sample("short", "-32768", -32768L),
                sample("short", "32767", 32767L),
                sample("short", "\"5.0\"", 5L),
                sample("int", "-2147483648", -2147483648L),
                sample("int", "2147483647", 2147483647L),
                sample("int", "1e2", 100L),
                sample("int", "0", 0L),
                sample("long", "-9223372036854775808", Long.MIN_VALUE),
                sample("long", "9223372036854775807", Long.MAX_VALUE),
                sample("long", "9007199254740993", 9007199254740993L),
                sample("long", "\"9007199254740993\"", 9007199254740993L),
                sample(
                        "decimal",
                        "9999999999999999999999999999.9999999999",
                        decimal("9999999999999999999999999999.9999999999")),
                sample(
                        "decimal",
                        "-9999999999999999999999999999.9999999999",
                        decimal("-9999999999999999999999999999.9999999999")),
                sample("decimal", "0.0000000001", decimal("0.0000000001")),
                sample("decimal", "\"12345678901234567890.50\"", decimal("12345678901234567890.5")),
                sample(
                        "fraction",
                        "0.12345678901234567890123456789012345678",
                        decimal("0.12345678901234567890123456789012345678")),
                sample(
                        "whole",
                        "-99999999999999999999999999999999999999",
                        decimal("-99999999999999999999999999999999999999")),
                sample("float", "3.4028235E38", 3.4028235E38f),
                sample("float", "1.1754944E-38", Float.MIN_NORMAL),
                sample("float", "0.1", 0.1f),
                sample("float", "16777216", 16777216f),
                sample("float", "1.2345678", 1.2345678f),
                sample("float", "-0.33333334", -0.33333334f),
                sample("double", "1.7976931348623157E308", Double.MAX_VALUE),
                sample("double", "2.2250738585072014E-308", Double.MIN_NORMAL),
                sample("double", "0.1", 0.1),
                sample("double", "0.30000000000000004", 0.30000000000000004),
                sample("double", "9007199254740992", 9007199254740992.0),
                sample("double", "-123456.789012345", -123456.789012345),
                sample("date", "\"0001-01-01\"", LocalDate.of(1, 1, 1)),
                sample("date", "\"9999-12-31\"", LocalDate.of(9999, 12, 31)),
                sample("date", "\"2024-02-29\"", LocalDate.of(2024, 2, 29)),
                sample("date", "\"1582-10-10\"", LocalDate.of(1582, 10, 10)),
                sample("time", "\"2024-02-29T23:59:59.123456+14:00\"", Instant.parse("2024-02-29T09:59:59.123456Z")),
                sample("time", "\"2024-03-10 02:30:00-08:00\"", Instant.parse("2024-03-10T10:30:00Z")),
                sample("time", "1709251199", Instant.parse("2024-02-29T23:59:59Z")),
                sample("time", "253402300799", Instant.parse("9999-12-31T23:59:59Z")),
                sample("time", "20240230", Instant.parse("1970-08-23T06:17:10Z")),
                sample("time", "-20240131", Instant.parse("1969-05-11T17:44:29Z")),
                sample("time", "1709251199123", Instant.parse("2024-02-29T23:59:59.123Z")),
                sample("time", "\"2024-01-01T00:00:00.1234569Z\"", Instant.parse("2024-01-01T00:00:00.123456Z")),
                sample("binary", "\"\"", new byte[0]),
                sample("binary", quoted(Base64.getEncoder().encodeToString(everyByte())), everyByte()),
                sample("xml", quoted("<a b=\"c\">é &amp; 😀</a>"), "<a b=\"c\">é &amp; 😀</a>"),
                sample("xml", "\"\"", ""),
                sample("string", "5", "5"),
                sample("string", "1.50", "1.50"),
                sample("string", "true", "true"),
                sample("string", "{\"a\": [1, \"x\"]}", "{\"a\":[1,\"x\"]}"),
                sample("json", "{}", "{}"),
                sample("json", "[]", "[]"),
                sample("json", "\"text \\\" \\\\ \\n 😀\"", "\"text \\\" \\\\ \\n 😀\""),
                sample("json", "12345678901234567890.123456789", "12345678901234567890.123456789"),
                sample("json", "1e300", "1e300"),
                sample("json", "false", "false"),
                sample(
                        "json",
                        "{\"b\": {\"a\": [null, 1.0, \"é\", {\"\": []}]}, \"a\": \"\"}",
                        "{\"b\": {\"a\": [null, 1.0, \"é\", {\"\": []}]}, \"a\": \"\"}")));
        Stream.of(
                        "",
                        " ",
                        "a ",
                        "\r\n\t",
                        "\"'`\\%_?:?c1 {fn x} ${body}",
                        "\u0001\u001f\u007f",
                        "😀👩‍👩‍👧é漢字𝒳",
                        "null",
                        "\ufeff\uffff",
                        long1,
                        wide)
                .forEach(text -> samples.add(sample("string", quoted(text), text)));
        Stream.of(
                        "0001-01-01T00:00:00.000001",
                        "9999-12-31T23:59:59.999999",
                        "2024-02-29T12:00:00",
                        "1969-12-31T23:59:59.999999",
                        "1582-10-10T00:00:00",
                        "2024-03-31T02:30:00",
                        "1883-11-18T12:03:57")
                .forEach(text -> Stream.of("datetime", "time")
                        .flatMap(field -> times(field, text))
                        .forEach(samples::add));
        return samples;
    }

    private static BigDecimal decimal(String text) {
        return new BigDecimal(text);
    }

    private static byte[] everyByte() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    /** All in one page, in a record each, and once more, when none of them has changed. */
    @Test
    void everyValueOfEveryTypeIsReadBackAsItWasSent() throws Exception {
        List<Sample> samples = samples();
        String page = IntStream.range(0, samples.size())
                .mapToObj(i -> "{\"id\": %d, %s, \"%s\": %s}"
                        .formatted(
                                i,
                                UPDATED,
                                samples.get(i).field(),
                                samples.get(i).json()))
                .collect(Collectors.joining(", "));
        sync(page, page);

        assertThat(database.jdbc().queryForList("SELECT reason FROM keyset_sync_quarantine", String.class))
                .isEmpty();
        database.jdbc().query("SELECT * FROM \"types\" ORDER BY \"id\"", row -> {
            Sample sample = samples.get(row.getInt("id"));
            Object read = read(row, sample);
            assertThat(read).as("%s %.100s", sample.field(), sample.json()).isEqualTo(expected(sample));
            assertThat(row.getObject(sample.field().equals("int") ? "long" : "int"))
                    .isNull();
        });
        assertThat(database.runs("types"))
                .extracting(run -> run.get("upserted") + " " + run.get("unchanged"))
                .containsExactly(samples.size() + " 0", "0 " + samples.size());
    }

    private static Object expected(Sample sample) {
        return sample.field().equals("json") ? tree((String) sample.read()) : sample.read();
    }

    private Object read(ResultSet row, Sample sample) throws SQLException {
        String field = sample.field();
        return switch (field) {
            case "boolean" -> row.getBoolean(field);
            case "short", "int", "long" -> row.getLong(field);
            case "decimal", "fraction", "whole" -> {
                BigDecimal number = row.getBigDecimal(field);
                yield number.compareTo((BigDecimal) sample.read()) == 0 ? sample.read() : number;
            }
            case "float" -> row.getFloat(field);
            case "double" -> row.getDouble(field);
            case "date" -> row.getObject(field, LocalDate.class);
            case "datetime" -> row.getObject(field, LocalDateTime.class);
            case "time" -> Objects.requireNonNull(database.instant(row, field));
            case "binary" -> row.getBytes(field);
            case "json" -> tree(row.getString(field));
            default -> row.getString(field);
        };
    }

    @Test
    void nullAndAbsentAreNullInEveryType() throws Exception {
        List<String> fields = samples().stream().map(Sample::field).distinct().toList();
        String nulls = fields.stream().map(field -> "\"" + field + "\": null").collect(Collectors.joining(", "));
        sync("{\"id\": 1, %s, %s}, {\"id\": 2, %s}".formatted(UPDATED, nulls, UPDATED));

        for (String field : fields) {
            assertThat(database.jdbc()
                            .queryForObject(
                                    "SELECT count(*) FROM \"types\" WHERE \"" + field + "\" IS NULL", Long.class))
                    .as(field)
                    .isEqualTo(2);
        }
    }

    @Test
    void sameRecordAgainIsUnchanged() throws Exception {
        String record =
                "{\"id\": 1, %s, \"binary\": \"aGk=\", \"json\": {\"a\": 1}, \"decimal\": 1.50, \"double\": 1e10}";
        sync(record.formatted(UPDATED), record.formatted(UPDATED));

        assertThat(database.runs("types").get(1).get("unchanged")).isEqualTo(1L);
    }

    /** Field, value and reason. */
    private static final List<String> UNFIT = List.of(
            "short    | 32768                      | out of range",
            "short    | -32769                     | out of range",
            "int      | 2147483648                 | out of range",
            "int      | \"x\"                      | not a number",
            "int      | true                       | not text",
            "long     | -9223372036854775809       | out of range",
            "decimal  | 10000000000000000000000000000 | has more digits than the column",
            "fraction | 1                          | has more digits than the column",
            "whole    | 0.5                        | has more digits than the column",
            "float    | 16777217                   | has more digits than the column keeps",
            "float    | 1e39                       | out of range",
            "double   | 9007199254740993           | has more digits than the column keeps",
            "double   | \"NaN\"                    | not a number",
            "boolean  | 1                          | not true or false",
            "date     | \"0000-01-01\"             | not a date",
            "date     | \"2023-02-29\"             | not a date",
            "date     | \"2024-01-01T00:00:00\"    | not a date",
            "datetime | \"2024-01-01T24:00:00\"    | not a date and time",
            "time     | \"0000-12-31T23:59:59Z\"   | not in the years 0001 to 9999",
            "time     | \"10000-01-01T00:00:00Z\"  | not a time",
            "time     | \"9999-12-31T23:59:59-01:00\" | not in the years 0001 to 9999",
            "time     | {}                         | not a time",
            "time     | 2024                       | looks like a compact date, not an epoch",
            "time     | \"202401\"                 | looks like a compact date, not an epoch",
            "time     | \"20240131\"               | looks like a compact date, not an epoch",
            "time     | 199912312359               | looks like a compact date, not an epoch",
            "time     | 20240131101500             | looks like a compact date, not an epoch",
            "time     | 253402300800               | not in the years 0001 to 9999",
            "binary   | [1]                        | not text",
            "json     | \"\\udc00x\"              | has half of a surrogate pair, which UTF-8 can't express",
            "int      | 1.5                        | not a whole number",
            "long     | 9223372036854775808        | out of range",
            "decimal  | 0.12345678901              | has more digits than the column",
            "float    | 0.1234567891               | has more digits than the column keeps",
            "double   | 1e400                      | out of range",
            "boolean  | \"yes\"                    | not true or false",
            "date     | \"2024-02-30\"             | not a date",
            "datetime | \"2024-01-01T00:00:00Z\"   | has an offset, which the column can't keep",
            "binary   | \"?\"                      | not Base64",
            "xml      | 1                          | not text",
            "string   | \"\\ud800\"                | has half of a surrogate pair, which UTF-8 can't express");

    @Test
    void valuesThatDoNotFitSetTheirRecordsAsideWithFieldTypeValueAndReason() throws Exception {
        List<String[]> unfit =
                UNFIT.stream().map(each -> each.split("\\s*\\|\\s*", 3)).toList();
        sync("{\"id\": -1, " + UPDATED + "}"
                + IntStream.range(0, unfit.size())
                        .mapToObj(i -> ", {\"id\": %d, %s, \"%s\": %s}"
                                .formatted(i, UPDATED, unfit.get(i)[0], unfit.get(i)[1]))
                        .collect(Collectors.joining()));

        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"types\"", Long.class))
                .containsExactly(-1L);
        Map<Integer, String> reasons = new TreeMap<>();
        database.jdbc().query("SELECT record, reason FROM keyset_sync_quarantine", row -> {
            reasons.put(json(row.getString(1)).path("id").asInt(), row.getString(2));
        });
        TableSchema schema = TableSchema.load(new DefaultCamelContext(), "types", "classpath:types.schema.json");
        for (int i = 0; i < unfit.size(); i++) {
            String field = unfit.get(i)[0];
            String value = unfit.get(i)[1].contains("\\u")
                    ? unfit.get(i)[1] // halves of surrogate pairs are kept as JSON escapes them
                    : json(unfit.get(i)[1]).toString();
            String type = Objects.requireNonNull(schema.column(field)).type().toString();
            assertThat(reasons.get(i))
                    .isEqualTo("field " + field + ": " + type + " can't take " + value + ": " + unfit.get(i)[2]);
        }
    }

    @Test
    void numbersOfAnyLengthSetTheirRecordsAsideAndAreNotComputed() throws Exception {
        String digits = "1".repeat(400_000);
        List<String> values = List.of(
                "\"int\": \"" + digits + "\"",
                "\"long\": \"" + digits + "\"",
                "\"decimal\": \"" + digits + "\"",
                "\"float\": \"" + digits + "\"",
                "\"double\": \"0." + digits + "\"",
                "\"whole\": \"" + "1".repeat(400) + "\"",
                "\"int\": \"1e999999999\"",
                "\"long\": 1e-999999999",
                "\"decimal\": \"100e2147483647\"",
                "\"whole\": 100e2147483647",
                "\"float\": 1e2147483647",
                "\"double\": \"1e-2147483647\"",
                "\"double\": \"1e99999999999\"",
                "\"time\": \"" + digits + "\"");
        sync(IntStream.range(0, values.size())
                .mapToObj(i -> "{\"id\": %d, %s, %s}".formatted(i, UPDATED, values.get(i)))
                .collect(Collectors.joining(", ")));

        String shown = " can't take \"" + "1".repeat(99) + "…: ";
        String tooLong = "has 400000 characters, and a number at most 400";
        assertThat(database.jdbc().queryForList("SELECT reason FROM keyset_sync_quarantine", String.class))
                .containsExactlyInAnyOrder(
                        "field int: INT" + shown + tooLong,
                        "field long: LONG" + shown + tooLong,
                        "field decimal: DECIMAL(38,10)" + shown + tooLong,
                        "field float: FLOAT" + shown + tooLong,
                        "field double: DOUBLE can't take \"0." + "1".repeat(97)
                                + "…: has 400002 characters, and a number at most 400",
                        "field whole: DECIMAL(38,0)" + shown + "has more digits than the column",
                        "field int: INT can't take \"1e999999999\": has an exponent beyond ±1000",
                        "field long: LONG can't take 1E-999999999: has an exponent beyond ±1000",
                        "field decimal: DECIMAL(38,10) can't take \"100e2147483647\": has an exponent beyond ±1000",
                        "field whole: DECIMAL(38,0) can't take 1.00E+2147483649: has an exponent beyond ±1000",
                        "field float: FLOAT can't take 1E+2147483647: has an exponent beyond ±1000",
                        "field double: DOUBLE can't take \"1e-2147483647\": has an exponent beyond ±1000",
                        "field double: DOUBLE can't take \"1e99999999999\": not a number",
                        "field time: UTC_DATETIME" + shown + "not a time");
    }

    @Test
    void nulIsKeptOrSetsItsRecordAsideButNeverFailsThePage() throws Exception {
        sync("{\"id\": 1, %s, \"json\": {\"a\": \"x\\u0000\"}}, {\"id\": 2, %s, \"string\": \"x\\u0000\"}"
                .formatted(UPDATED, UPDATED));

        Map<String, Object> run = database.runs("types").get(0);
        assertThat(run.get("status")).isEqualTo("complete");
        assertThat((Long) run.get("upserted") + (Long) run.get("quarantined")).isEqualTo(2);
    }

    @Test
    void recordThatIsSetAsideInEveryRunIsKeptOnce() throws Exception {
        String record = "{\"id\": 1, %s, \"int\": \"x\"}".formatted(UPDATED);
        sync(record, record, record);

        assertThat(database.jdbc().queryForList("SELECT id FROM keyset_sync_quarantine"))
                .hasSize(1);
        assertThat(database.runs("types")).hasSize(3).allMatch(run -> run.get("quarantined")
                .equals(1L));
    }

    /** A run for each of {@code pages}. */
    private void sync(String... pages) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.of()).start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", database.dataSource());
            RunsByHand.in(context);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:keyset-sync-source?stream=types&url=" + api.url())
                            .to("kamelet:jdbc-upsert-sink?stream=types&schema=classpath:types.schema.json");
                }
            });
            context.start();
            for (String page : List.of(pages)) {
                api.change(scenario -> scenario.always(Fault.json(200, "{\"data\": [" + page + "]}")));
                ShippedRoutes.sync(context, "types");
            }
        }
    }

    private static Object tree(String json) {
        return normal(json(json));
    }

    private static JsonNode json(String json) {
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    private static Object normal(JsonNode json) {
        if (json.isNumber()) {
            return json.decimalValue().stripTrailingZeros();
        }
        if (json.isArray()) {
            return StreamSupport.stream(json.spliterator(), false)
                    .map(TypesContract::normal)
                    .toList();
        }
        if (json.isObject()) {
            Map<String, Object> fields = new TreeMap<>();
            json.properties().forEach(field -> fields.put(field.getKey(), normal(field.getValue())));
            return fields;
        }
        return json;
    }
}
