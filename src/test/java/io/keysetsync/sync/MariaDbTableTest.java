package io.keysetsync.sync;

class MariaDbTableTest extends TableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
