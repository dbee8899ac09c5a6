package io.keysetsync.sync;

class MariaDbSchemaTest extends SchemaContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
