package io.keysetsync.sync;

class MariaDbRowsTest extends RowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
