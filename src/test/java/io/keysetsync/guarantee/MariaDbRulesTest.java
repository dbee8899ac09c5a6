package io.keysetsync.guarantee;

import io.keysetsync.sync.TestDatabase;

class MariaDbRulesTest extends RulesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
