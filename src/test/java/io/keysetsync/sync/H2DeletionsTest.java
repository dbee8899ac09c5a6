package io.keysetsync.sync;

class H2DeletionsTest extends DeletionsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
