package io.keysetsync.cluster;

import io.keysetsync.sync.TestDatabase;

class PostgreSqlClusterTest extends ClusterContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }
}
