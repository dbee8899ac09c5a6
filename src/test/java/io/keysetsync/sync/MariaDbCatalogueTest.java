package io.keysetsync.sync;

import java.util.List;

class MariaDbCatalogueTest extends CatalogueContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    /** Its default isolation is not that of pages. */
    @Override
    List<String> questionsOfATransaction() {
        return List.of("getTransactionIsolation");
    }
}
