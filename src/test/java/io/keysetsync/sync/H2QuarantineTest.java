package io.keysetsync.sync;

class H2QuarantineTest extends QuarantineContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
