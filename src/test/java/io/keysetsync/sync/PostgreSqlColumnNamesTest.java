package io.keysetsync.sync;

class PostgreSqlColumnNamesTest extends ColumnNamesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
