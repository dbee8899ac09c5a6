package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** Values that a mode of the session would change, in each mode. */
class MariaDbModesTest {

    private static final String SCHEMA = "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\","
            + " \"text\": \"STRING\", \"short\": \"STRING\", \"number\": \"DECIMAL(10,2)\", \"float\": \"DOUBLE\","
            + " \"day\": \"NAIVE_DATE\", \"json\": \"JSON\", \"bytes\": \"BINARY\", \"updatedAt\": \"UTC_DATETIME\"}}";

    private final TestDatabase database = TestDatabase.mariaDb();

    private DataSource inMode(String mode) {
        return new DriverManagerDataSource(
                database.url() + "?sessionVariables=sql_mode='" + mode + "'", database.username(), database.password());
    }

    private static String record(int id, String text, String more) {
        return "{\"id\": %d, \"updatedAt\": \"2024-01-01T00:00:00.123456Z\", \"text\": %s, \"short\": \"\"%s}"
                .formatted(id, text, more);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "STRICT_TRANS_TABLES",
                "STRICT_ALL_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE",
                "ALLOW_INVALID_DATES",
                "TRADITIONAL",
                "ANSI",
                "ANSI_QUOTES",
                "PIPES_AS_CONCAT",
                "NO_BACKSLASH_ESCAPES",
                "PAD_CHAR_TO_FULL_LENGTH",
                "IGNORE_SPACE",
                "HIGH_NOT_PRECEDENCE",
                "NO_UNSIGNED_SUBTRACTION",
                "REAL_AS_FLOAT",
                "NO_AUTO_VALUE_ON_ZERO",
                "TIME_ROUND_FRACTIONAL",
                "SIMULTANEOUS_ASSIGNMENT",
                "ERROR_FOR_DIVISION_BY_ZERO",
                "ONLY_FULL_GROUP_BY",
                "NO_ENGINE_SUBSTITUTION",
                "POSTGRESQL",
                "MSSQL",
                "DB2",
                "MAXDB"
            })
    void valuesAreSavedAsTheyAreInEachMode(String mode) throws Exception {
        List<String> texts =
                List.of("", " ", "a ", "back\\slash\\", "'\"`", "a||b", "\\'; --", "\n\t\u0000", "%_?", "😀");
        String[] page = new String[texts.size()];
        for (int i = 0; i < page.length; i++) {
            page[i] = record(
                    i,
                    new com.fasterxml.jackson.databind.node.TextNode(texts.get(i)).toString(),
                    ", \"number\": -12345678.25, \"float\": 0.1, \"day\": \"2024-02-29\", \"json\": {\"a\": [\"\\\\\", \"\"]},"
                            + " \"bytes\": \"AAEC\", \"new\": \"\", \"yes\": true");
        }
        try (OwnStream stream = new OwnStream("own", database, inMode(mode), SCHEMA)) {
            assertThat(stream.sync(page)).containsEntry("status", "complete").containsEntry("upserted", 10L);
            assertThat(stream.sync(page)).containsEntry("unchanged", 10L);
            assertThat(stream.sync(record(20, "\"x\"", ", \"yes\": \"\\\\\""))).containsEntry("upserted", 1L);
        }
        assertThat(database.jdbc()
                        .queryForList("SELECT \"text\" FROM \"t\" WHERE \"id\" < 20 ORDER BY \"id\"", String.class))
                .isEqualTo(texts);
        assertThat(database.jdbc()
                        .queryForMap(
                                "SELECT \"short\", \"number\", \"float\", \"day\", \"json\", hex(\"bytes\") AS h, \"new\","
                                        + " \"yes\" FROM \"t\" WHERE \"id\" = 0"))
                .containsEntry("short", "")
                .containsEntry("number", new java.math.BigDecimal("-12345678.25"))
                .containsEntry("float", 0.1)
                .containsEntry("day", java.sql.Date.valueOf("2024-02-29"))
                .containsEntry("json", "{\"a\":[\"\\\\\",\"\"]}")
                .containsEntry("h", "000102")
                .containsEntry("new", "")
                .containsEntry("yes", "true");
        assertThat(database.jdbc().queryForObject("SELECT \"yes\" FROM \"t\" WHERE \"id\" = 20", String.class))
                .isEqualTo("\\");
    }

    /** Outside strict modes, MariaDB would cut a value, or make another one of it. */
    @Test
    void valuesThatDoNotFitAreNotCutOutsideStrictModes() throws Exception {
        try (OwnStream stream = new OwnStream("own", database, inMode(""), SCHEMA)) {
            stream.sync(record(1, "\"x\"", ""));
            database.jdbc().execute("ALTER TABLE \"t\" ADD CHECK (\"text\" <> 'no')");
            Map<String, Object> run = stream.sync(
                    record(2, "\"no\"", ""),
                    record(3, "\"x\"", ", \"day\": \"2024-02-30\""),
                    record(4, "\"x\"", ", \"number\": 123456789"),
                    record(5, "\"x\"", ""));
            assertThat(run).containsEntry("quarantined", 3L).containsEntry("upserted", 1L);
        }
    }

    /** MariaDB would give the row the next number. */
    @Test
    void keyOfZeroStaysZeroInAColumnThatCounts() throws Exception {
        database.jdbc()
                .execute("CREATE TABLE \"t\" (\"id\" INT AUTO_INCREMENT PRIMARY KEY, \"updatedAt\" DATETIME(6))");
        String schema = "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"INT\","
                + " \"updatedAt\": \"UTC_DATETIME\"}}";
        String zero = "{\"id\": 0, \"updatedAt\": \"2024-01-01T00:00:00Z\"}";
        try (OwnStream stream = new OwnStream("own", database, inMode("STRICT_TRANS_TABLES"), schema)) {
            assertThat(stream.sync(zero)).containsEntry("upserted", 1L);
            assertThat(stream.sync(zero)).containsEntry("unchanged", 1L);
        }
        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"t\"", Integer.class))
                .containsExactly(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ORACLE", "EMPTY_STRING_IS_NULL", "STRICT_TRANS_TABLES,EMPTY_STRING_IS_NULL"})
    void modesThatChangeValuesBeyondAStatementAreRefusedAtStart(String mode) {
        assertThatThrownBy(() -> new OwnStream("own", database, inMode(mode), SCHEMA).close())
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageStartingWith("database: it has sql_mode ")
                        .message()
                        .doesNotContain("\n"));
    }
}
