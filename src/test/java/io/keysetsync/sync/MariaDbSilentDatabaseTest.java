package io.keysetsync.sync;

class MariaDbSilentDatabaseTest extends SilentDatabaseContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    String upsert() {
        return "INSERT INTO `t`";
    }

    @Override
    String commit() {
        return "\3COMMIT";
    }
}
