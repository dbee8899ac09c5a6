package io.keysetsync.sync;

class MariaDbSyncTest extends SyncContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
