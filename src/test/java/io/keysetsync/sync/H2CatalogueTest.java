package io.keysetsync.sync;

class H2CatalogueTest extends CatalogueContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
