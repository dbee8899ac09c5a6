package io.keysetsync.sync;

class MariaDbDriftTest extends DriftContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
