package io.keysetsync.sync;

class MariaDbColumnNamesTest extends ColumnNamesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
