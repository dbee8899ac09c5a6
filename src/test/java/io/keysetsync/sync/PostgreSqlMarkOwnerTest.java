package io.keysetsync.sync;

class PostgreSqlMarkOwnerTest extends MarkOwnerContract {
    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
