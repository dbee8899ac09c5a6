package io.keysetsync.sync;

class PostgreSqlDriftTest extends DriftContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
