package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.database.ColumnNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Names of fields that an API may have and a database may not. */
abstract class FieldNamesContract {

    private static final String HEAD = "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\","
            + " \"updatedAt\": \"UTC_DATETIME\"";

    private static final String SCHEMA = HEAD + "}}";

    private static final List<String> NAMES = names();

    private final TestDatabase database = database();

    abstract TestDatabase database();

    /** Those of the names that the database can't have. */
    abstract Set<String> impossible();

    private static List<String> names() {
        List<String> names = new ArrayList<>();
        for (String blank : List.of(
                " ", "\t", "\n", "\r", "\u000b", "\f", "\u0001", "\u001b", "\u007f", "\u00a0", "\u2003", "\u3000",
                "\u200b", "\ufeff")) {
            names.addAll(List.of(blank, blank + "before", "after" + blank, "in" + blank + "side"));
        }
        for (String mark : "\" ' ` \\ % ? : ; . , * ( ) [ ] { } $ # @ & | = < > ~ ^ ! / + -".split(" ", -1)) {
            names.addAll(List.of(mark, mark + mark, "a" + mark, mark + "b", "a" + mark + "b"));
        }
        names.addAll(List.of(
                "",
                "--",
                "/*",
                "*/",
                "/*!50000 x*/",
                ":?a",
                "$1",
                "$$",
                "{fn now()}",
                "{{a}}",
                "${a}",
                "#{a}",
                "@@a",
                "%s",
                "0",
                "123",
                "1e5",
                "0x10",
                "-1"));
        names.addAll(List.of(
                "select",
                "SELECT",
                "table",
                "group",
                "order",
                "user",
                "null",
                "true",
                "default",
                "key",
                "value",
                "VALUE",
                "values",
                "end",
                "row",
                "rows",
                "offset",
                "limit",
                "current_date"));
        names.addAll(List.of(
                "A",
                "a",
                "\u00e9",
                "\u00c9",
                "e\u0301",
                "\u00df",
                "\u0130",
                "\u0131",
                "i",
                "I",
                "\ud83d\ude00",
                "\u4e2d\u6587",
                "\u05d0",
                "\ufffd",
                "\uffff",
                "\ue000"));
        for (int length : List.of(63, 64, 65, 256, 257)) {
            names.addAll(List.of("x".repeat(length), "\u00e9".repeat(length / 2), "\u00e9".repeat(length)));
        }
        names.addAll(List.of(
                "xmin",
                "xmax",
                "cmin",
                "cmax",
                "ctid",
                "tableoid",
                "oid",
                "XMIN",
                "_rowid_",
                "_ROWID_",
                "_rowid",
                "rowid",
                "ROWNUM",
                "DB_ROW_ID",
                "db_row_id",
                "DB_TRX_ID",
                "DB_ROLL_PTR",
                "FTS_DOC_ID",
                "fts_doc_id",
                "row_start",
                "row_end",
                "GEN_CLUST_INDEX",
                "PRIMARY",
                "DB_ROW_HASH_1"));
        names.addAll(List.of(
                "c1",
                "c2",
                "incoming",
                "existing",
                "page",
                "s",
                "o",
                "t",
                "r",
                "bytes",
                "directory",
                "begins",
                "excluded",
                "_cursor",
                "_deleted",
                "ID",
                "Id",
                "__proto__",
                "_id",
                "@type",
                "$ref"));
        return names.stream().distinct().toList();
    }

    private static String record(int id, Map<String, String> fields) {
        StringBuilder json = new StringBuilder("{\"id\": \"" + id + "\", \"updatedAt\": \"2024-01-01T00:00:00Z\"");
        fields.forEach((name, value) ->
                json.append(", ").append(new TextNode(name)).append(": ").append(new TextNode(value)));
        return json.append("}").toString();
    }

    @Test
    void fieldsOfOddNamesAllKeepTheirValues() throws Exception {
        Map<String, String> fields = new LinkedHashMap<>();
        NAMES.forEach(name -> fields.put(name, "v " + name.hashCode()));
        try (OwnStream stream = new OwnStream(database, SCHEMA, "maxColumns=1000")) {
            Map<String, Object> run = stream.sync(record(1, fields));
            assertThat(run)
                    .as("%s", run.get("error"))
                    .containsEntry("status", "complete")
                    .containsEntry("upserted", 1L);
            assertThat(stream.sync(record(1, fields))).containsEntry("unchanged", 1L);
        }
        Map<String, Object> row = new LinkedHashMap<>(database.jdbc()
                .query("SELECT * FROM \"t\"", (all, i) -> {
                    Map<String, Object> values = new LinkedHashMap<>();
                    for (int c = 1; c <= all.getMetaData().getColumnCount(); c++) {
                        values.put(all.getMetaData().getColumnName(c), all.getObject(c));
                    }
                    return values;
                })
                .get(0));
        Map<String, String> columns = new LinkedHashMap<>();
        database.jdbc().query("SELECT field, column_name FROM keyset_sync_column", named -> {
            columns.put(named.getString(1), named.getString(2));
        });
        assertThat(columns).hasSize(NAMES.size());
        columns.forEach((field, column) -> {
            assertThat(row).containsEntry(column, fields.get(field));
            assertThat(column).isIn(field, ColumnNames.hashed(field));
        });
        assertThat(impossible()).allSatisfy(name -> assertThat(columns).containsEntry(name, ColumnNames.hashed(name)));
    }

    @Test
    void namesThatTheDatabaseCannotHaveAreRefusedInASchema() {
        assertThat(impossible()).isNotEmpty().allSatisfy(name -> assertThatThrownBy(
                        () -> new OwnStream(database, HEAD + ", " + new TextNode(name) + ": \"STRING\"}}").close())
                .satisfies(error -> assertThat(Errors.known(error))
                        .isInstanceOf(ConfigurationException.class)
                        .hasMessageStartingWith("stream own: the name '")
                        .hasMessageContaining("' in its schema ")
                        .message()
                        .doesNotContain("\n")));
    }

    @Test
    void namesThatTheDatabaseCannotHaveAreDroppedOrSetAsideAsDriftSays() throws Exception {
        List<String> records = new ArrayList<>();
        impossible().forEach(name -> records.add(record(records.size(), Map.of(name, "v"))));
        try (OwnStream stream = new OwnStream(database, SCHEMA, "drift=ignore")) {
            assertThat(stream.sync(records.toArray(String[]::new)))
                    .containsEntry("status", "complete")
                    .containsEntry("upserted", (long) records.size());
        }
        try (OwnStream stream = new OwnStream(database, SCHEMA, "drift=quarantine")) {
            assertThat(stream.sync(records.toArray(String[]::new)))
                    .containsEntry("status", "complete")
                    .containsEntry("quarantined", (long) records.size());
        }
    }
}
