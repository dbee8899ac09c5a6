package io.keysetsync.sync;

class MariaDbMarkOwnerTest extends MarkOwnerContract {
    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
