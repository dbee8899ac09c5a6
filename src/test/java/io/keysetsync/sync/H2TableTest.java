package io.keysetsync.sync;

class H2TableTest extends TableContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
