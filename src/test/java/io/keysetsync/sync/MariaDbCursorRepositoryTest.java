package io.keysetsync.sync;

class MariaDbCursorRepositoryTest extends CursorRepositoryContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
