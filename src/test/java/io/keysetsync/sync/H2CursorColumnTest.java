package io.keysetsync.sync;

class H2CursorColumnTest extends CursorColumnContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
