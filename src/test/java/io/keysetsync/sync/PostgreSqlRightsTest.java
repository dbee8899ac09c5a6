package io.keysetsync.sync;

class PostgreSqlRightsTest extends RightsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.postgreSql();
    }

    /** Without the user that the URL names. */
    @Override
    String restrictedUrl() {
        return database.url().replaceFirst("\\?.*", "");
    }

    @Override
    void create(String user, String password) {
        database.jdbc().execute("REVOKE CREATE ON SCHEMA public FROM public");
        database.jdbc().execute("CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'");
    }

    @Override
    void read() {
        database.jdbc().execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO " + restricted.username());
    }

    @Override
    boolean own() {
        database.jdbc().execute("GRANT CREATE ON SCHEMA public TO " + restricted.username());
        return true;
    }

    @Override
    Long tables() {
        return database.jdbc()
                .queryForObject(
                        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'", Long.class);
    }
}
