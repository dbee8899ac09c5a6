package io.keysetsync.sync;

class PostgreSqlCursorRepositoryTest extends CursorRepositoryContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
