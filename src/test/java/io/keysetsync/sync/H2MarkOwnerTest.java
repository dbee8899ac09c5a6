package io.keysetsync.sync;

class H2MarkOwnerTest extends MarkOwnerContract {
    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
