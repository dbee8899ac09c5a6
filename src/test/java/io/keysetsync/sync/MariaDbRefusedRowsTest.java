package io.keysetsync.sync;

class MariaDbRefusedRowsTest extends RefusedRowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.mariaDb();
    }

    @Override
    void requireValue(String column) {
        jdbc.execute("ALTER TABLE \"item\" MODIFY \"" + column + "\" LONGTEXT CHARACTER SET utf8mb4 NOT NULL");
    }

    @Override
    void breakAt(int id) {
        jdbc.execute(
                """
                CREATE TRIGGER breaks BEFORE INSERT ON "item" FOR EACH ROW
                IF NEW."id" = %d THEN SIGNAL SQLSTATE '53100' SET MESSAGE_TEXT = 'the disk is full'; END IF"""
                        .formatted(id));
    }

    /** Its upsert would take a row for the same by any unique key: a table with another one is refused. */
    @Override
    void rowWithAnothersUniqueValueIsSetAsideButNotOneThatTakesOverAValue() {}
}
