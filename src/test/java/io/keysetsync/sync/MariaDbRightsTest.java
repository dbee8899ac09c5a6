package io.keysetsync.sync;

class MariaDbRightsTest extends RightsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    /** MariaDB lets nobody use a database without any right on it. */
    @Override
    void create(String user, String password) {
        database.jdbc().execute("CREATE USER " + user + " IDENTIFIED BY '" + password + "'");
        database.jdbc().execute("GRANT REFERENCES ON " + schema() + ".* TO " + user);
    }

    @Override
    void read() {
        database.jdbc().execute("GRANT SELECT ON " + schema() + ".* TO " + restricted.username());
    }

    @Override
    boolean own() {
        database.jdbc().execute("GRANT ALL ON " + schema() + ".* TO " + restricted.username());
        return true;
    }

    @Override
    Long tables() {
        return database.jdbc()
                .queryForObject(
                        "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = DATABASE()", Long.class);
    }

    private String schema() {
        return database.url().substring(database.url().lastIndexOf('/') + 1);
    }
}
