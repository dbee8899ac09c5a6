package io.keysetsync.sync;

import java.sql.Connection;
import java.sql.SQLException;
import org.h2.api.Trigger;

class H2RefusedRowsTest extends RefusedRowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    @Override
    void breakAt(int id) {
        jdbc.execute(
                "CREATE TRIGGER breaks BEFORE INSERT ON \"item\" FOR EACH ROW CALL '" + Full.class.getName() + "'");
        Full.id = id;
    }

    public static final class Full implements Trigger {
        private static volatile int id;

        @Override
        public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
            if (after[0].equals(id)) {
                throw new SQLException("the disk is full", "53100");
            }
        }
    }
}
