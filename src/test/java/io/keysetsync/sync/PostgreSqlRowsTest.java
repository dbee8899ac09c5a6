package io.keysetsync.sync;

class PostgreSqlRowsTest extends RowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
