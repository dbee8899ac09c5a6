package io.keysetsync.sync;

class PostgreSqlSyncTest extends SyncContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
