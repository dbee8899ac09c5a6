package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A value of each type arrives as it was sent, or sets its record aside; whatever the database. */
abstract class TypesContract {

    private static final ObjectMapper JSON = new ObjectMapper();
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

    @Test
    void sameRecordAgainIsUnchanged() throws Exception {
        String record =
                "{\"id\": 1, %s, \"binary\": \"aGk=\", \"json\": {\"a\": 1}, \"decimal\": 1.50, \"double\": 1e10}";
        sync(record.formatted(UPDATED), record.formatted(UPDATED));

        assertThat(database.runs("types").get(1).get("unchanged")).isEqualTo(1L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "short    | 32768                      | out of range",
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
                "string   | \"\\ud800\"                | has half of a surrogate pair, which UTF-8 can't express"
            })
    void valueThatDoesNotFitSetsItsRecordAside(String field, String value, String reason) throws Exception {
        sync("{\"id\": 1, %s}, {\"id\": 2, %s, \"%s\": %s}".formatted(UPDATED, UPDATED, field, value));

        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"types\"", Long.class))
                .containsExactly(1L);
        assertThat(database.jdbc().queryForObject("SELECT reason FROM keyset_sync_quarantine", String.class))
                .startsWith("field " + field + ": ")
                .endsWith(": " + reason);
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
            context.getComponent("quartz", QuartzComponent.class).setAutoStartScheduler(false);
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
        try {
            return JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }
}
