package io.keysetsync.parallel;

import io.keysetsync.sync.TestDatabase;

class H2ParallelWindowsTest extends ParallelWindowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
