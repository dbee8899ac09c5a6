package io.keysetsync.sync;

class MariaDbTypesTest extends TypesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
