package io.keysetsync.sync;

class PostgreSqlHistoryTest extends HistoryContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
