package io.keysetsync.sync;

class H2CursorRepositoryTest extends CursorRepositoryContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
