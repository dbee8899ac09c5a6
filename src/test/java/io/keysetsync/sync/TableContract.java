package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.table.ColumnType;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys of every shape, existing tables, and names that look like SQL, on every database. */
abstract class TableContract {

    private static final String TIME = "\"updatedAt\": \"2024-01-01T00:00:00Z\"";
    private static final String LATER = "\"updatedAt\": \"2024-01-02T00:00:00Z\"";

    private final TestDatabase database = database();

    abstract TestDatabase database();

    private static String schema(String key, String columns) {
        return "{\"table\": \"t\", \"primary_key\": [%s], \"columns\": {%s}}".formatted(key, columns);
    }

    private List<String> texts(String select) {
        return database.jdbc().queryForList(select, String.class);
    }

    private void execute(String sql) {
        database.jdbc().execute(sql);
    }

    private String type(String type) {
        return Databases.of(database.url()).typeOf(ColumnType.parse(type).orElseThrow());
    }

    // Keys

    @Test
    void keyOfSeveralColumnsOfSeveralTypes() throws Exception {
        String schema = schema(
                "\"b\", \"a\", \"c\"",
                "\"a\": \"STRING\", \"b\": \"LONG\", \"c\": \"UTC_DATETIME\", \"v\": \"STRING\", \"updatedAt\":"
                        + " \"UTC_DATETIME\"");
        try (OwnStream stream = new OwnStream(database, schema)) {
            String c = "\"c\": \"2024-01-01T00:00:00.000001Z\"";
            stream.sync(
                    "{\"a\": \"x\", \"b\": 1, %s, \"v\": \"1\", %s}".formatted(c, TIME),
                    "{\"a\": \"x\", \"b\": 2, %s, \"v\": \"2\", %s}".formatted(c, TIME));
            Map<String, Object> run = stream.sync(
                    "{\"a\": \"x\", \"b\": 1, %s, \"v\": \"3\", %s}".formatted(c, LATER),
                    "{\"a\": \"y\", \"b\": 1, %s, \"v\": \"4\", %s}".formatted(c, LATER),
                    "{\"a\": \"x\", \"b\": 2, %s, \"v\": \"2\", %s}".formatted(c, TIME));

            assertThat(run).containsEntry("upserted", 2L).containsEntry("unchanged", 1L);
            assertThat(texts("SELECT \"v\" FROM \"t\" ORDER BY \"v\"")).containsExactly("2", "3", "4");
        }
    }

    @Test
    void tableWhoseOnlyColumnsAreItsKey() throws Exception {
        try (OwnStream stream = new OwnStream(
                database, schema("\"a\", \"updatedAt\"", "\"a\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\""))) {
            String one = "{\"a\": \"x\", %s}".formatted(TIME);
            String two = "{\"a\": \"x\", %s}".formatted(LATER);
            assertThat(stream.sync(one, two, one)).containsEntry("upserted", 2L).containsEntry("unchanged", 1L);
            assertThat(stream.sync(one, two)).containsEntry("upserted", 0L).containsEntry("unchanged", 2L);
        }
    }

    @Test
    void keysThatDifferInCaseTrailingSpacesOrAccentsAreDifferent() throws Exception {
        try (OwnStream stream =
                new OwnStream(database, schema("\"id\"", "\"id\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\""))) {
            String[] ids = {"a", "A", "a ", " a", "a\\t", "á", "a\\u0301", "", " ", "ß", "ss", "😀", "😁"};
            String[] records = List.of(ids).stream()
                    .map(id -> "{\"id\": \"%s\", %s}".formatted(id, TIME))
                    .toArray(String[]::new);
            assertThat(stream.sync(records)).containsEntry("upserted", (long) ids.length);
            assertThat(stream.sync(records)).containsEntry("upserted", 0L);
            assertThat(texts("SELECT \"id\" FROM \"t\"")).hasSize(ids.length).contains("a ", "á", "a\u0301", "😁");
        }
    }

    @Test
    void sameKeyTwiceInAPageIsOneRow() throws Exception {
        try (OwnStream stream = new OwnStream(
                database, schema("\"id\"", "\"id\": \"STRING\", \"v\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\""))) {
            assertThat(stream.sync(
                            "{\"id\": \"a\", \"v\": \"late\", %s}".formatted(LATER),
                            "{\"id\": \"a\", \"v\": \"early\", %s}".formatted(TIME)))
                    .containsEntry("upserted", 1L)
                    .containsEntry("unchanged", 1L);
            assertThat(texts("SELECT \"v\" FROM \"t\"")).containsExactly("late");
        }
    }

    /** A page with such keys would otherwise have one row twice, which PostgreSQL refuses in every run. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "DOUBLE         | 1 1.0 1.00 1e0 10E-1 \"1\" \"1.0\"",
                "DOUBLE         | 100 1e2 1E+2 100.0 0.1e3",
                "DOUBLE         | 0 0.0 -0.0 0e5 -0 \"-0.0\"",
                "DOUBLE         | 0.30000000000000004 3.0000000000000004e-1 0.300000000000000040",
                "DOUBLE         | 4.9E-324 5E-324",
                "DOUBLE         | 1e300 1.0E+300 10e299",
                "FLOAT          | 1 1.0 1e0 \"1\"",
                "FLOAT          | 0 0.0 -0.0",
                "FLOAT          | 16777216 16777216.0 1.6777216e7",
                "FLOAT          | 1.4E-45 1E-45",
                "DECIMAL(10,2)  | 1 1.0 1.00 \"1.000\" 1e0",
                "DECIMAL(10,2)  | 0 0.0 -0.00 0e9",
                "LONG           | 5 5.0 \"5\" 50e-1",
                "BOOLEAN        | true \"true\"",
                "NAIVE_DATETIME | \"2024-01-01\" \"2024-01-01T00:00\" \"2024-01-01T00:00:00.000\"",
                "UTC_DATETIME   | \"2024-01-01T00:00:00Z\" \"2024-01-01T02:00:00+02:00\" 1704067200 1704067200000",
                "BINARY         | \"aGk=\" \"aGk\"",
            })
    void keysThatAreEqualAreOneRowHoweverTheyAreWritten(String type, String values) throws Exception {
        try (OwnStream stream = new OwnStream(
                database,
                schema("\"id\"", "\"id\": \"" + type + "\", \"v\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\""))) {
            String[] records = Stream.of(values.split(" ", -1))
                    .map(id -> "{\"id\": %s, \"v\": \"same\", %s}".formatted(id, TIME))
                    .toArray(String[]::new);
            assertThat(stream.sync(records))
                    .containsEntry("status", "complete")
                    .containsEntry("upserted", 1L)
                    .containsEntry("unchanged", records.length - 1L);
            for (String record : records) {
                assertThat(stream.sync(record)).containsEntry("unchanged", 1L);
            }
        }
        assertThat(texts("SELECT \"v\" FROM \"t\"")).containsExactly("same");
    }

    @Test
    void keysThatDifferInTheirLastDigitAreDifferent() throws Exception {
        try (OwnStream stream =
                new OwnStream(database, schema("\"id\"", "\"id\": \"DOUBLE\", \"updatedAt\": \"UTC_DATETIME\""))) {
            String[] ids = {"0.3", "0.30000000000000004", "123456789012345", "123456789012345.02", "1e15", "1e-15"};
            String[] records = Stream.of(ids)
                    .map(id -> "{\"id\": %s, %s}".formatted(id, TIME))
                    .toArray(String[]::new);
            assertThat(stream.sync(records)).containsEntry("upserted", (long) ids.length);
            assertThat(stream.sync(records)).containsEntry("unchanged", (long) ids.length);
        }
        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"t\" ORDER BY \"id\"", Double.class))
                .containsExactly(1e-15, 0.3, 0.30000000000000004, 123456789012345.0, 123456789012345.02, 1e15);
    }

    @Test
    void jsonAsAKeyFailsTheStart() {
        assertThatThrownBy(() ->
                        new OwnStream(database, schema("\"id\"", "\"id\": \"JSON\", \"updatedAt\": \"UTC_DATETIME\"")))
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageStartingWith("stream own: schema 'file:")
                        .hasMessageEndingWith("' has the key 'id' of type JSON, in which equal values can differ as"
                                + " text; make it STRING"));
    }

    @Test
    void keyTooLongForItsColumnSetsItsRecordAsideAndIsNeverCut() throws Exception {
        execute("CREATE TABLE \"t\" (\"id\" VARCHAR(768)" + exact() + " NOT NULL PRIMARY KEY, \"updatedAt\" "
                + type("UTC_DATETIME") + ")");
        try (OwnStream stream =
                new OwnStream(database, schema("\"id\"", "\"id\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\""))) {
            stream.sync(
                    "{\"id\": \"%s\", %s}".formatted("é".repeat(768), TIME),
                    "{\"id\": \"%s \", %s}".formatted("é".repeat(768), TIME));

            assertThat(texts("SELECT \"id\" FROM \"t\"")).containsExactly("é".repeat(768));
            assertThat(texts("SELECT reason FROM keyset_sync_quarantine"))
                    .singleElement()
                    .asString()
                    .startsWith("field id: STRING can't take \"é")
                    .endsWith("has 769 characters, and the column takes 768");
        }
    }

    private String exact() {
        return type("STRING").replaceFirst("^\\w+", "");
    }

    // Existing tables

    private static final String EXISTING = schema(
            "\"id\"",
            "\"id\": \"STRING\", \"n\": \"INT\", \"d\": \"DECIMAL(10,2)\", \"s\": \"STRING\", \"b\": \"BOOLEAN\","
                    + " \"updatedAt\": \"UTC_DATETIME\"");

    private void create(String columns) {
        execute("CREATE TABLE \"t\" (" + columns + ")");
    }

    private String keyColumn() {
        return "\"id\" VARCHAR(50)" + exact() + " NOT NULL";
    }

    @Test
    void tableThatFitsIsUsedAsItIs() throws Exception {
        create(keyColumn() + " PRIMARY KEY, \"mine\" INT, \"n\" BIGINT, \"d\" DECIMAL(38,10), \"s\" VARCHAR(5)"
                + exact() + " NOT NULL, \"own\" INT DEFAULT 5 NOT NULL, \"b\" BOOLEAN, \"updatedAt\" "
                + type("UTC_DATETIME"));
        try (OwnStream stream = new OwnStream(database, EXISTING)) {
            String good =
                    "{\"id\": \"1\", \"n\": 2147483647, \"d\": 1.5, \"s\": \"12345\", \"b\": true, %s}".formatted(TIME);
            Map<String, Object> run = stream.sync(
                    good,
                    "{\"id\": \"2\", \"s\": \"123456\", %s}".formatted(TIME),
                    "{\"id\": \"3\", \"s\": null, %s}".formatted(TIME),
                    "{\"id\": \"4\", \"s\": \"12345 \", %s}".formatted(TIME));

            assertThat(run).containsEntry("upserted", 1L).containsEntry("quarantined", 3L);
            assertThat(stream.sync(good)).containsEntry("unchanged", 1L);
            assertThat(texts("SELECT \"own\" FROM \"t\" WHERE \"mine\" IS NULL AND \"n\" = 2147483647"))
                    .containsExactly("5");
            assertThat(texts("SELECT reason FROM keyset_sync_quarantine"))
                    .containsExactlyInAnyOrder(
                            "field s: STRING can't take \"123456\": has 6 characters, and the column takes 5",
                            "field s: STRING can't take \"12345 \": has 6 characters, and the column takes 5",
                            "field s: STRING can't take null: the column takes no null");
        }
    }

    /** Types of columns that can't hold every value of a type of the schema; {@code {column}} is the column's name. */
    abstract Map<String, String> unfit();

    /** Types of columns that can. */
    abstract Map<String, String> fit();

    private String createWith(Map<String, String> types) {
        StringBuilder ddl = new StringBuilder(keyColumn() + " PRIMARY KEY, \"updatedAt\" " + type("UTC_DATETIME"));
        StringBuilder columns = new StringBuilder("\"id\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\"");
        types.forEach((own, wanted) -> {
            String column = column(own);
            ddl.append(", \"" + column + "\" ").append(own.replace("{column}", "\"" + column + "\""));
            columns.append(", \"" + column + "\": \"" + wanted + "\"");
        });
        create(ddl.toString());
        return schema("\"id\"", columns.toString());
    }

    private static String column(String type) {
        return type.replaceAll("[^A-Za-z0-9]+", "_");
    }

    @Test
    void typesThatCannotHoldEveryValueAreRefused() {
        String schema = createWith(unfit());
        assertThatThrownBy(() -> new OwnStream(database, schema)).satisfies(error -> {
            Database own = Databases.of(database.url());
            String message = Errors.known(error).getMessage();
            unfit().forEach((type, wanted) -> assertThat(message)
                    .containsPattern("column " + Pattern.quote(own.quote(column(type)))
                            + " is [^;]+, which can't hold every " + Pattern.quote(wanted)));
        });
    }

    @Test
    void typesThatCanHoldEveryValueAreUsedAsTheyAre() throws Exception {
        try (OwnStream stream = new OwnStream(database, createWith(fit()))) {
            Map<String, String> greatest = Map.of(
                    "BOOLEAN", "true",
                    "SHORT", "-32768",
                    "INT", "-2147483648",
                    "LONG", "-9223372036854775808",
                    "FLOAT", "3.4028235E38",
                    "DOUBLE", "1.7976931348623157E308",
                    "STRING", "\"Ä \"",
                    "JSON", "{}");
            String record = fit().entrySet().stream()
                    .map(each -> ", \"" + column(each.getKey()) + "\": " + greatest.get(each.getValue()))
                    .collect(Collectors.joining("", "{\"id\": \"1\", " + TIME, "}"));
            assertThat(stream.sync(record)).containsEntry("status", "complete").containsEntry("upserted", 1L);
            assertThat(stream.sync(record)).containsEntry("unchanged", 1L);
        }
    }

    @Test
    void tableThatDoesNotFitFailsTheStartNamingEachColumnAndItsRemedy() {
        create(keyColumn() + " PRIMARY KEY, \"n\" SMALLINT, \"d\" DECIMAL(10,1), \"b\" BOOLEAN, \"extra\" INT NOT NULL,"
                + " \"updatedAt\" " + type("UTC_DATETIME"));

        assertThatThrownBy(() -> new OwnStream(database, EXISTING)).satisfies(error -> {
            assertThat(Errors.known(error)).isInstanceOf(ConfigurationException.class);
            Database own = Databases.of(database.url());
            assertThat(Errors.known(error).getMessage())
                    .startsWith("stream own: the table " + own.quote("t") + " does not fit its schema: ")
                    .contains("column " + own.quote("n") + " is smallint")
                    .contains("which can't hold every INT")
                    .contains("which can't hold every DECIMAL(10,2)")
                    .contains("column " + own.quote("s") + " is missing")
                    .contains("column " + own.quote("extra") + " must not be null")
                    .contains("ADD COLUMN " + own.quote("s") + " " + type("STRING"))
                    .doesNotContain(own.quote("b"))
                    .doesNotContain("\n");
        });
    }

    /** The DDL that the error names does mend the table. */
    @Test
    void remediesOfTheErrorFixTheTable() throws Exception {
        create(keyColumn() + ", \"n\" SMALLINT, \"d\" DECIMAL(10,1), \"b\" BOOLEAN, \"updatedAt\" "
                + type("UTC_DATETIME"));
        for (int starts = 0; starts < 3; starts++) {
            try (OwnStream stream = new OwnStream(database, EXISTING)) {
                assertThat(stream.sync("{\"id\": \"1\", \"n\": 100000, \"d\": 1.25, \"s\": \"x\", %s}".formatted(TIME)))
                        .containsEntry("upserted", 1L);
                return;
            } catch (Exception e) {
                String message = Errors.known(e).getMessage();
                for (String ddl :
                        message.substring(message.indexOf("To mend it: ") + 12).split("; ", -1)) {
                    execute(ddl.replace('`', '"'));
                }
            }
        }
        throw new AssertionError("the table still does not fit");
    }

    @Test
    void tableThatStopsFittingWhileTheProgramRunsFailsTheNextRun() throws Exception {
        try (OwnStream stream = new OwnStream(database, EXISTING)) {
            stream.sync("{\"id\": \"1\", %s}".formatted(TIME));
            execute("ALTER TABLE \"t\" DROP COLUMN \"n\"");
            Map<String, Object> run = stream.sync("{\"id\": \"2\", %s}".formatted(TIME));

            assertThat(run).containsEntry("status", "failed");
            assertThat(run.get("error")).asString().contains(" is missing", "ALTER TABLE");
        }
        assertThat(texts("SELECT \"id\" FROM \"t\"")).containsExactly("1");
    }

    @Test
    void syncColumnsAreAddedToATableThatLacksThem() throws Exception {
        create(keyColumn() + " PRIMARY KEY");
        try (OwnStream stream = new OwnStream(database, schema("\"id\"", "\"id\": \"STRING\""))) {
            stream.sync("{\"id\": \"1\", %s}".formatted(TIME));

            assertThat(database.jdbc().queryForList("SELECT \"_cursor\" FROM \"t\""))
                    .hasSize(1);
        }
    }

    @Test
    void cursorThatItsColumnCannotHoldSetsItsRecordAside() throws Exception {
        try (OwnStream stream = new OwnStream(database, schema("\"id\"", "\"id\": \"STRING\""))) {
            stream.sync(
                    "{\"id\": \"1\", \"updatedAt\": \"9999-12-31T23:59:59-01:00\"}",
                    "{\"id\": \"2\", %s}".formatted(TIME));
        }
        assertThat(texts("SELECT \"id\" FROM \"t\"")).containsExactly("2");
        assertThat(texts("SELECT reason FROM keyset_sync_quarantine"))
                .containsExactly("field updatedAt: UTC_DATETIME can't take \"9999-12-31T23:59:59-01:00\": not in the"
                        + " years 0001 to 9999");
    }

    // SQL in names

    @Test
    void namesAreNeverTakenForSql() throws Exception {
        String evil = "x\\\"`';--/*?:?x{fn now()}$1 #\\\\ %_\\n]";
        String name = "x\"`';--/*?:?x{fn now()}$1 #\\ %_\n]";
        String schema = "{\"table\": \"%s\", \"primary_key\": [\"k%s\"], \"columns\": {\"k%s\": \"STRING\", \"c%s\":"
                        .formatted(evil, evil, evil, evil)
                + " \"STRING\", \"updatedAt\": \"UTC_DATETIME\"}}";
        try (OwnStream stream = new OwnStream("s'\";--", database, database.dataSource(), schema)) {
            String record = "{\"k%s\": \"%s\", \"c%s\": \"%s\", \"d%s\": \"%s\", %s}"
                    .formatted(evil, evil, evil, evil, evil, evil, TIME);
            assertThat(stream.sync(record)).containsEntry("upserted", 1L);
            assertThat(stream.sync(record)).containsEntry("unchanged", 1L);
        }
        Database own = Databases.of(database.url());
        String quoted = "\"" + name.replace("\"", "\"\"") + "\"";
        assertThat(own.quote(name)).hasSizeGreaterThan(name.length());
        Map<String, Object> row = database.jdbc().queryForMap("SELECT * FROM " + quoted);
        assertThat(row).containsEntry("k" + name, name).containsEntry("c" + name, name);
        assertThat(texts("SELECT stream FROM keyset_sync_cursor")).containsExactly("s'\";--");
    }

    @Test
    void namesThatTheDatabaseCannotHaveFailTheStart() {
        String name = "n".repeat(300);
        assertThatThrownBy(() -> new OwnStream(
                        database, schema("\"id\"", "\"id\": \"STRING\", \"%s\": \"STRING\"".formatted(name))))
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageContaining("stream own: the name '" + name + "' in its schema has more than the"));
    }
}
