package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgreSqlTableTest extends TableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    Map<String, String> unfit() {
        return Map.ofEntries(
                Map.entry("bit(1)", "BOOLEAN"),
                Map.entry("smallint", "INT"),
                Map.entry("oid", "INT"),
                Map.entry("integer[]", "INT"),
                Map.entry("money", "DECIMAL(10,2)"),
                Map.entry("numeric(10,2)", "DECIMAL(12,2)"),
                Map.entry("real", "DOUBLE"),
                Map.entry("timestamp(3) with time zone", "UTC_DATETIME"),
                Map.entry("timestamp", "UTC_DATETIME"),
                Map.entry("char(10)", "STRING"),
                Map.entry("json", "JSON"));
    }

    @Override
    Map<String, String> fit() {
        return Map.ofEntries(
                Map.entry("boolean", "BOOLEAN"),
                Map.entry("integer", "SHORT"),
                Map.entry("serial", "INT"),
                Map.entry("bigint", "LONG"),
                Map.entry("real", "FLOAT"),
                Map.entry("double precision", "DOUBLE"),
                Map.entry("varchar(50)", "STRING"),
                Map.entry("jsonb", "JSON"));
    }

    /** It would take texts that differ in case for equal: keys for one row, and a change for none. */
    @Test
    void textThatIsComparedWithoutRegardToCaseIsRefused() {
        TestDatabase own = TestDatabase.postgreSql();
        own.jdbc()
                .execute(
                        "CREATE COLLATION careless (provider = icu, locale = 'und-u-ks-level2', deterministic = false)");
        own.jdbc()
                .execute("CREATE TABLE \"t\" (\"id\" text COLLATE careless PRIMARY KEY, \"updatedAt\" timestamptz(6))");
        String schema = "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\","
                + " \"updatedAt\": \"UTC_DATETIME\"}}";

        assertThatThrownBy(() -> new OwnStream(own, schema))
                .rootCause()
                .hasMessageContaining("column \"id\" is text collate careless, which can't hold every STRING");
    }
}
