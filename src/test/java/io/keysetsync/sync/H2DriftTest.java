package io.keysetsync.sync;

class H2DriftTest extends DriftContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
