package io.keysetsync.sync;

import java.util.List;

class H2RightsTest extends RightsContract {

    private static final String TABLES = " FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'";

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    /** Only an administrator may have settings in the URL. */
    @Override
    String restrictedUrl() {
        return database.url().replaceFirst(";.*", "");
    }

    @Override
    void create(String user, String password) {
        database.jdbc().execute("CREATE USER " + user + " PASSWORD '" + password + "'");
    }

    @Override
    void read() {
        List<String> tables = database.jdbc().queryForList("SELECT TABLE_NAME" + TABLES, String.class);
        tables.forEach(
                table -> database.jdbc().execute("GRANT SELECT ON \"" + table + "\" TO " + restricted.username()));
    }

    @Override
    Long tables() {
        return database.jdbc().queryForObject("SELECT COUNT(*)" + TABLES, Long.class);
    }
}
