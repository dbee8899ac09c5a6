package io.keysetsync.cluster;

import io.keysetsync.sync.TestDatabase;
import java.util.UUID;

class PostgreSqlClusterTest extends ClusterContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    @Override
    TestDatabase restricted() {
        String user = "u" + UUID.randomUUID().toString().substring(0, 8);
        database.jdbc().execute("REVOKE CREATE ON SCHEMA public FROM public");
        database.jdbc().execute("CREATE ROLE " + user + " LOGIN PASSWORD 'secret'");
        return new TestDatabase(database.url().replaceFirst("\\?.*", ""), user, "secret");
    }
}
