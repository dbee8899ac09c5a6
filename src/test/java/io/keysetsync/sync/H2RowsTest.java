package io.keysetsync.sync;

class H2RowsTest extends RowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
