package io.keysetsync.sync;

class MariaDbRefusedChangesTest extends RefusedChangesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    int mostColumns() {
        return 1017;
    }

    @Override
    void pin(String column) {
        database.jdbc().execute("CREATE TABLE known (id BOOLEAN PRIMARY KEY)");
        database.jdbc().execute("INSERT INTO known VALUES (TRUE)");
        database.jdbc().execute("ALTER TABLE \"t\" ADD FOREIGN KEY (\"" + column + "\") REFERENCES known (id)");
    }
}
