package io.keysetsync.sync;

class H2SchemaTest extends SchemaContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
