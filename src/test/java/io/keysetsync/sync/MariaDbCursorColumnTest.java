package io.keysetsync.sync;

class MariaDbCursorColumnTest extends CursorColumnContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
