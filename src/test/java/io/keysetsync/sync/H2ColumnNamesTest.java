package io.keysetsync.sync;

class H2ColumnNamesTest extends ColumnNamesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
