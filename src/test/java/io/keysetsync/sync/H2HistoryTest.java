package io.keysetsync.sync;

class H2HistoryTest extends HistoryContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
