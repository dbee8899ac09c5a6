package io.keysetsync.cluster;

import io.keysetsync.sync.TestDatabase;
import java.util.UUID;

class MariaDbClusterTest extends ClusterContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    TestDatabase restricted() {
        String user = "u" + UUID.randomUUID().toString().substring(0, 8);
        database.jdbc().execute("CREATE USER " + user + " IDENTIFIED BY 'secret'");
        database.jdbc()
                .execute("GRANT SELECT ON "
                        + database.url().substring(database.url().lastIndexOf('/') + 1) + ".* TO " + user);
        return new TestDatabase(database.url(), user, "secret");
    }
}
