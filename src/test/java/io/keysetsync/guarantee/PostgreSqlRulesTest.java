package io.keysetsync.guarantee;

import io.keysetsync.sync.TestDatabase;

class PostgreSqlRulesTest extends RulesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
