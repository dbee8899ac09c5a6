package io.keysetsync.sync;

class MariaDbCatalogueTest extends CatalogueContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
