package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.database.ColumnNames;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.database.Tables;
import io.keysetsync.store.NodeName;
import io.keysetsync.table.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Fields that the schema lacks, by each policy, on every database. */
abstract class DriftContract {

    private static final String SCHEMA =
            "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\", \"n\": \"INT\","
                    + " \"updatedAt\": \"UTC_DATETIME\"}}";

    private final TestDatabase database = database();
    private final Database own = Databases.of(database.url());
    private int seconds;

    abstract TestDatabase database();

    /** A record whose cursor is later than those of all before. */
    private String record(String id, String fields) {
        return "{\"id\": \"%s\", \"updatedAt\": \"2024-01-01T00:%02d:%02dZ\"%s}"
                .formatted(id, ++seconds / 60, seconds % 60, fields.isEmpty() ? "" : ", " + fields);
    }

    private Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        for (ExistingColumn column :
                new Tables(own, database.jdbc()).existing(TableName.of("t")).columns()) {
            columns.put(column.name(), column.types().get(0).toString());
        }
        return columns;
    }

    private List<@Nullable String> values(String column) {
        List<@Nullable String> values = new ArrayList<>();
        database.jdbc().query("SELECT \"" + column.replace("\"", "\"\"") + "\" FROM \"t\" ORDER BY \"id\"", row -> {
            values.add(row.getString(1));
        });
        return values;
    }

    private List<String> reasons() {
        return database.jdbc().queryForList("SELECT reason FROM keyset_sync_quarantine", String.class);
    }

    @Test
    void fieldOfEachJsonTypeGetsAColumnDuringARun() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", ""));
            Map<String, Object> run = stream.sync(record(
                    "2",
                    "\"yes\": true, \"small\": 5, \"big\": 9007199254740993, \"part\": 0.5, \"long\":"
                            + " 12345678901234567890, \"digits\": 0.12345678901234567891, \"text\": \"007\","
                            + " \"object\": {\"a\": [1, null]}, \"array\": [], \"nothing\": null"));

            assertThat(run).containsEntry("status", "complete").containsEntry("upserted", 1L);
            assertThat(columns())
                    .containsEntry("yes", "BOOLEAN")
                    .containsEntry("small", "INT")
                    .containsEntry("big", "LONG")
                    .containsEntry("part", "DECIMAL(22,2)")
                    .containsEntry("long", "DECIMAL(20,0)")
                    .containsEntry("digits", "DECIMAL(58,38)")
                    .containsEntry("text", "STRING")
                    .containsEntry("object", "JSON")
                    .containsEntry("array", "JSON")
                    .doesNotContainKey("nothing");
            assertThat(values("big")).containsExactly(null, "9007199254740993");
            assertThat(values("long")).containsExactly(null, "12345678901234567890");
            assertThat(values("text")).containsExactly(null, "007");
            assertThat(String.valueOf(run.get("schema_changes")))
                    .contains("field 'yes': column 'yes' added as BOOLEAN")
                    .contains("field 'object': column 'object' added as JSON");
            assertThat(String.valueOf(run.get("schema_changes")).lines()).hasSize(9);
        }
    }

    @Test
    void fieldThatIsNullAtFirstGetsItsColumnWithItsFirstValue() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", "\"x\": null"));
            assertThat(columns()).doesNotContainKey("x");
            stream.sync(record("2", "\"x\": 1"), record("3", "\"x\": null"));
            assertThat(columns()).containsEntry("x", "INT");
            assertThat(values("x")).containsExactly(null, "1", null);
        }
    }

    @Test
    void columnIsWidenedWithoutLosingADigitAlsoAfterARestart() throws Exception {
        String[] steps = {"5", "5000000000", "1.5", "0.1250", "\"text\"", "{\"a\": 1}", "1e2"};
        String[] types = {"INT", "LONG", "DECIMAL(22,2)", "DECIMAL(26,6)", "STRING", "STRING", "STRING"};
        for (int i = 0; i < steps.length; i++) {
            try (OwnStream stream = new OwnStream(database, SCHEMA)) {
                Map<String, Object> run = stream.sync(record("" + i, "\"x\": " + steps[i]));
                assertThat(run).containsEntry("status", "complete").containsEntry("upserted", 1L);
                assertThat(columns()).containsEntry("x", types[i]);
            }
        }
        assertThat(values("x")).containsExactly("5", "5000000000", "1.5", "0.125", "text", "{\"a\":1}", "100");
    }

    @Test
    void numbersThatBecomeTextKeepTheirDigitsOnEveryDatabase() throws Exception {
        List<String> numbers = List.of(
                "0",
                "-7",
                "1000",
                "9007199254740993",
                "12345678901234567890",
                "0.1",
                "-0.0",
                "1.10",
                "-120.50",
                "1e3",
                "1e19",
                "0.30000000000000004",
                "-1.25E-10",
                "0.00000000000000000012345678901234567");
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            List<String> page = new ArrayList<>();
            for (int i = 0; i < numbers.size(); i++) {
                page.add(record("" + (char) ('a' + i), "\"x\": " + numbers.get(i)));
            }
            assertThat(stream.sync(page.toArray(String[]::new))).containsEntry("upserted", 14L);
            assertThat(columns()).containsEntry("x", "DECIMAL(58,38)");
            stream.sync(record("z", "\"x\": \"text\""));
        }
        assertThat(columns()).containsEntry("x", "STRING");
        assertThat(values("x"))
                .containsExactly(
                        "0",
                        "-7",
                        "1000",
                        "9007199254740993",
                        "12345678901234567890",
                        "0.1",
                        "0",
                        "1.1",
                        "-120.5",
                        "1000",
                        "10000000000000000000",
                        "0.30000000000000004",
                        "-0.000000000125",
                        "0.00000000000000000012345678901234567",
                        "text");
    }

    @Test
    void numbersThatNoDecimalHoldsAreTextFromTheBeginning() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(
                    record("1", "\"x\": 5"),
                    record("2", "\"x\": 123456789012345678901"),
                    record("3", "\"x\": 1e-39"),
                    record("4", "\"x\": 6.02214076e23"),
                    record("5", "\"x\": 1.10"),
                    record("6", "\"x\": 1e400"),
                    record("7", "\"x\": 1e999999999"),
                    record("8", "\"x\": 100e2147483647"));
        }
        assertThat(columns()).containsEntry("x", "STRING");
        assertThat(values("x"))
                .containsExactly(
                        "5",
                        "123456789012345678901",
                        "0.000000000000000000000000000000000000001",
                        "602214076000000000000000",
                        "1.10",
                        "1" + "0".repeat(400),
                        "1E+999999999",
                        "1.00E+2147483649");
    }

    @Test
    void existingColumnOfAnotherTypeIsNotWidened() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", ""));
            database.jdbc().execute("ALTER TABLE \"t\" ADD COLUMN \"x\" DOUBLE PRECISION");
            database.jdbc().execute("ALTER TABLE \"t\" ADD COLUMN \"y\" DECIMAL(10,2)");
            stream.sync(
                    record("1", "\"x\": 0.5, \"y\": 0.25"), record("2", "\"x\": \"text\""), record("3", "\"y\": 1e9"));
        }
        assertThat(columns()).containsEntry("x", "DOUBLE").containsEntry("y", "DECIMAL(10,2)");
        assertThat(values("y")).containsExactly("0.25");
        assertThat(reasons())
                .containsExactlyInAnyOrder(
                        "field x: DOUBLE can't take \"text\": not a number",
                        "field y: DECIMAL(10,2) can't take 1E+9: has more digits than the column");
    }

    @Test
    void numberThatIsWidenedIsUnchangedWhenItComesAgain() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            String whole = record("1", "\"x\": 5");
            String part = record("2", "\"x\": 0.125");
            stream.sync(whole);
            assertThat(stream.sync(whole, part)).containsEntry("unchanged", 1L).containsEntry("upserted", 1L);
            String text = record("3", "\"x\": \"text\"");
            assertThat(stream.sync(whole, part, text))
                    .containsEntry("unchanged", 2L)
                    .containsEntry("upserted", 1L);
        }
    }

    @Test
    void booleansAndObjectsThatBecomeTextReadAsJsonHasThem() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(
                    record("1", "\"b\": true, \"j\": {\"a\": \"x\"}"), record("2", "\"b\": false"), record("3", ""));
            stream.sync(record("4", "\"b\": \"maybe\", \"j\": 7"));
        }
        assertThat(values("b")).containsExactly("true", "false", null, "maybe");
        assertThat(values("j").get(0).replace(" ", "")).isEqualTo("{\"a\":\"x\"}");
        assertThat(values("j").get(3)).isEqualTo("7");
    }

    @Test
    void differentTypesInOnePageAgreeOnOne() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(
                    record("1", "\"a\": 1, \"b\": 1, \"c\": true"),
                    record("2", "\"a\": 1.5, \"b\": \"x\", \"c\": 1"),
                    record("3", "\"a\": 3000000000, \"b\": null, \"c\": []"));
        }
        assertThat(columns())
                .containsEntry("a", "DECIMAL(22,2)")
                .containsEntry("b", "STRING")
                .containsEntry("c", "STRING");
        assertThat(values("c")).containsExactly("true", "1", "[]");
    }

    @Test
    void fieldThatIsGoneIsNullAgainAlsoAfterARestart() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", "\"x\": 1"));
        }
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", ""));
        }
        assertThat(values("x")).containsExactly((String) null);
    }

    @Test
    void columnsOfTheSchemaAreNeverAltered() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", "\"n\": 3000000000"));
        }
        assertThat(columns()).containsEntry("n", "INT");
        assertThat(reasons()).containsExactly("field n: INT can't take 3000000000: out of range");
    }

    @Test
    void fieldsOfAnyNameGetAColumnAndKeepTheirValues() throws Exception {
        String longName = "long-" + "n".repeat(200);
        List<String> fields = List.of(
                "a \"quoted\" name",
                "dotted.name",
                longName,
                longName + "2",
                "😀",
                "N",
                "É",
                "é",
                "x'; DROP TABLE \"t\"; --",
                ":?c1 ? {fn now()}",
                "back`tick",
                "_cursor",
                "_deleted",
                "ends with blank ",
                "new\nline",
                "");
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            StringBuilder json = new StringBuilder();
            for (String field : fields) {
                json.append(json.isEmpty() ? "" : ", ")
                        .append(new TextNode(field))
                        .append(": ")
                        .append(new TextNode("value of " + field));
            }
            String record = record("1", json.toString());
            assertThat(stream.sync(record)).containsEntry("status", "complete").containsEntry("upserted", 1L);
            assertThat(stream.sync(record)).containsEntry("unchanged", 1L);
        }
        Map<String, String> names = new LinkedHashMap<>();
        database.jdbc().query("SELECT field, column_name FROM keyset_sync_column", row -> {
            names.put(row.getString(1), row.getString(2));
        });
        assertThat(names).containsOnlyKeys(fields);
        names.forEach((field, column) -> {
            assertThat(values(column)).as(column).containsExactly("value of " + field);
            assertThat(column).isIn(field, ColumnNames.hashed(field));
        });
        assertThat(ColumnNames.hashed(longName))
                .matches("long_n{35}_[0-9a-f]{8}")
                .isNotEqualTo(ColumnNames.hashed(longName + "2"));
        assertThat(names.get("_deleted")).startsWith("_deleted_");
    }

    @Test
    void fieldWhoseNameNoDatabaseKeepsSetsItsRecordAside() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            Map<String, Object> run = stream.sync(
                    record("1", "\"nul\\u0000\": 1"), record("2", "\"half\\ud800\": 1"), record("3", "\"x\": 1"));
            assertThat(run).containsEntry("quarantined", 2L).containsEntry("upserted", 1L);
        }
        String reason = ": a field's name can't be kept with U+0000 or half of a surrogate pair";
        assertThat(reasons()).containsExactlyInAnyOrder("field nul\\u0000" + reason, "field half\\ud800" + reason);
    }

    @Test
    void noColumnIsAddedBeyondTheMaximum() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, "maxColumns=5")) {
            Map<String, Object> run =
                    stream.sync(record("1", "\"a\": 1, \"b\": 1, \"c\": 1"), record("2", "\"a\": 2, \"c\": null"));
            assertThat(run).containsEntry("quarantined", 1L).containsEntry("upserted", 1L);
        }
        assertThat(columns()).hasSize(5).containsKeys("a", "b");
        assertThat(reasons()).containsExactly("field c: the table has 5 columns, as many as maxColumns allows");
    }

    @Test
    void ignoreDropsTheField() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, "drift=ignore")) {
            assertThat(stream.sync(record("1", "\"x\": 1"))).containsEntry("upserted", 1L);
        }
        assertThat(columns()).hasSize(3);
    }

    @Test
    void quarantineSetsTheRecordAside() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, "drift=quarantine")) {
            assertThat(stream.sync(record("1", "\"x\": 1"), record("2", "\"x\": null")))
                    .containsEntry("upserted", 1L)
                    .containsEntry("quarantined", 1L);
        }
        assertThat(columns()).hasSize(3);
        assertThat(reasons()).containsExactly("field x: the schema has no such column");
    }

    @Test
    void failEndsTheRunAndKeepsThePageOut() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA, "drift=fail")) {
            Map<String, Object> run = stream.sync(record("1", ""), record("2", "\"x\": 1"));
            assertThat(run).containsEntry("status", "failed");
            assertThat(String.valueOf(run.get("error")))
                    .startsWith("stream own: field x")
                    .contains("drift=fail");
        }
        assertThat(values("id")).isEmpty();
    }

    @Test
    void twoRunnersThatAddTheSameColumnsAtOnceBothSucceed() throws Exception {
        try (OwnStream one = new OwnStream("one", database, database.dataSource(), SCHEMA);
                OwnStream two = new OwnStream("two", database, database.dataSource(), SCHEMA)) {
            one.sync(record("1", ""));
            two.sync(record("2", ""));
            for (int round = 0; round < 10; round++) {
                String first = record("1", "\"x" + round + "\": 1");
                String second = record("2", "\"x" + round + "\": 2");
                CyclicBarrier start = new CyclicBarrier(2);
                CompletableFuture<Object> other = CompletableFuture.supplyAsync(() -> status(two, start, second));
                assertThat(status(one, start, first)).isEqualTo("complete");
                assertThat(other.get(60, TimeUnit.SECONDS)).isEqualTo("complete");
                assertThat(values("x" + round)).containsExactly("1", "2");
            }
        }
    }

    private static Object status(OwnStream stream, CyclicBarrier start, String record) {
        try {
            start.await(60, TimeUnit.SECONDS);
            Map<String, Object> run = stream.sync(record);
            return run.get("error") == null ? run.get("status") : run.get("error");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void poolOfOneConnectionIsEnough() throws Exception {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(database.url());
        config.setUsername(database.username());
        config.setPassword(database.password());
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(2000);
        try (HikariDataSource pool = new HikariDataSource(config);
                OwnStream stream = new OwnStream("own", database, pool, SCHEMA)) {
            assertThat(stream.sync(record("1", "\"x\": 1"))).containsEntry("status", "complete");
            assertThat(stream.sync(record("2", "\"x\": \"y\""))).containsEntry("status", "complete");
        }
        assertThat(values("x")).containsExactly("1", "y");
    }

    @Test
    void stateTableOfAnEarlierVersionGetsTheNewColumns() throws Exception {
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(record("1", ""));
            database.jdbc().execute("ALTER TABLE keyset_sync_run DROP COLUMN schema_changes");
            database.jdbc().execute("ALTER TABLE keyset_sync_run DROP COLUMN node");
            assertThat(stream.sync(record("2", "\"x\": 1")))
                    .containsEntry("status", "complete")
                    .hasEntrySatisfying(
                            "node", node -> assertThat((String) node).startsWith(NodeName.PROCESS));
        }
        assertThat(IntStream.range(0, 2).mapToObj(values("id")::get)).containsExactly("1", "2");
    }
}
