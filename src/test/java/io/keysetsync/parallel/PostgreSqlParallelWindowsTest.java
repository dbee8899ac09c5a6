package io.keysetsync.parallel;

import io.keysetsync.sync.TestDatabase;

class PostgreSqlParallelWindowsTest extends ParallelWindowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
