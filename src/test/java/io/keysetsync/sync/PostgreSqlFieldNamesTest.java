package io.keysetsync.sync;

import java.util.Set;

class PostgreSqlFieldNamesTest extends FieldNamesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    Set<String> impossible() {
        return Set.of("", "x".repeat(64), "\u00e9".repeat(32), "xmin", "xmax", "cmin", "cmax", "ctid", "tableoid");
    }
}
