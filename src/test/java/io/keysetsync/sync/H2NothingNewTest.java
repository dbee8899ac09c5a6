package io.keysetsync.sync;

import java.sql.Connection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.h2.api.Trigger;

/** H2 calls a trigger for every row that is written. */
class H2NothingNewTest extends NothingNewContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    @Override
    void watch() {
        for (String table : List.of("\"item\"", "keyset_sync_cursor", "keyset_sync_quarantine")) {
            jdbc.execute("CREATE TRIGGER " + table.replace("\"", "") + "_writes AFTER INSERT, UPDATE, DELETE ON "
                    + table + " FOR EACH ROW CALL '" + Writes.class.getName() + "'");
        }
        Writes.SEEN.clear();
    }

    @Override
    List<String> writes() {
        return Writes.SEEN;
    }

    public static final class Writes implements Trigger {
        private static final List<String> SEEN = new CopyOnWriteArrayList<>();

        private String table = "";

        @Override
        public void init(
                Connection connection, String schema, String trigger, String tableName, boolean before, int type) {
            table = tableName;
        }

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            SEEN.add(table);
        }
    }
}
