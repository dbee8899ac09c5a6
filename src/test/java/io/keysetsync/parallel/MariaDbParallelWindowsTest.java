package io.keysetsync.parallel;

import io.keysetsync.sync.TestDatabase;

class MariaDbParallelWindowsTest extends ParallelWindowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
