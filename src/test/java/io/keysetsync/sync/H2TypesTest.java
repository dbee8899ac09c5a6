package io.keysetsync.sync;

class H2TypesTest extends TypesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
