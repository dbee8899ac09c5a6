package io.keysetsync.sync;

class H2SyncTest extends SyncContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
