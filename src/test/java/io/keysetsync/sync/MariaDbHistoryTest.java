package io.keysetsync.sync;

class MariaDbHistoryTest extends HistoryContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
