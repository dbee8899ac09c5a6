package io.keysetsync.guarantee;

import io.keysetsync.sync.TestDatabase;

class H2RulesTest extends RulesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }
}
