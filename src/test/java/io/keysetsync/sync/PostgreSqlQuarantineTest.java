package io.keysetsync.sync;

class PostgreSqlQuarantineTest extends QuarantineContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
