package io.keysetsync.sync;

class PostgreSqlCatalogueTest extends CatalogueContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
