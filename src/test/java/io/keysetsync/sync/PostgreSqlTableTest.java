package io.keysetsync.sync;

class PostgreSqlTableTest extends TableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
