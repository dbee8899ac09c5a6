package io.keysetsync.sync;

import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgreSqlUnfitTableTest extends UnfitTableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    String time() {
        return "timestamptz(6)";
    }

    @Override
    Map<String, String> generated() {
        return Map.of(
                "stored",
                "integer GENERATED ALWAYS AS (\"m\" * 2) STORED",
                "identity",
                "integer GENERATED ALWAYS AS IDENTITY");
    }

    @Test
    void materializedViewIsRefusedAtStart() {
        createTable("base", "INT");
        jdbc.execute("CREATE MATERIALIZED VIEW \"t\" AS SELECT * FROM \"base\"");
        jdbc.execute("CREATE UNIQUE INDEX ON \"t\" (\"id\")");
        assertRefused("\"t\" is a materialized view; ");
    }

    @Test
    void foreignTableIsRefusedAtStart() {
        jdbc.execute("CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing");
        jdbc.execute(
                "CREATE FOREIGN TABLE \"t\" (\"id\" integer, \"n\" integer, \"updatedAt\" timestamptz(6)) SERVER nowhere");
        assertRefused("\"t\" is a foreign table; ");
    }
}
