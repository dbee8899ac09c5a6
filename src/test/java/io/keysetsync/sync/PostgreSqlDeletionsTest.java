package io.keysetsync.sync;

class PostgreSqlDeletionsTest extends DeletionsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
