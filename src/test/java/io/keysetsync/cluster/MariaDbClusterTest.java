package io.keysetsync.cluster;

import io.keysetsync.sync.TestDatabase;

class MariaDbClusterTest extends ClusterContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }
}
