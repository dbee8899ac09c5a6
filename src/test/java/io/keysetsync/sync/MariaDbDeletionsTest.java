package io.keysetsync.sync;

class MariaDbDeletionsTest extends DeletionsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    void requireValue(String column) {
        jdbc.execute("ALTER TABLE \"item\" MODIFY \"" + column + "\" LONGTEXT CHARACTER SET utf8mb4 NOT NULL");
    }

    /** Its upsert would take a row for the same by any unique key: a table with another one is refused. */
    @Override
    void rowMayTakeOverAUniqueValueOfADeletedOne() {}
}
