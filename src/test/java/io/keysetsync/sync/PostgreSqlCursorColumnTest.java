package io.keysetsync.sync;

class PostgreSqlCursorColumnTest extends CursorColumnContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
