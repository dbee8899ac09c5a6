package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.Set;
import org.h2.api.Trigger;
import org.junit.jupiter.api.Test;

class H2RefusedRowsTest extends RefusedRowsContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    private void trigger(Class<? extends Trigger> trigger) {
        jdbc.execute("CREATE TRIGGER breaks BEFORE INSERT ON \"item\" FOR EACH ROW CALL '" + trigger.getName() + "'");
    }

    @Override
    void breakAt(int id) {
        trigger(Full.class);
        Full.id = id;
    }

    @Override
    void refuseNegativeByTrigger() {
        trigger(NotNegative.class);
    }

    @Test
    void rowWhoseTriggerThrowsARuntimeExceptionIsSetAside() throws Exception {
        trigger(Careless.class);
        Map<String, Object> run = sync(page(Set.of(9)));

        assertThat(run).containsEntry("status", "complete");
        assertThat(ids()).isEqualTo(allBut(Set.of(9)));
        assertThat(reasons()).singleElement().asString().contains("not this one");
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

    public static final class NotNegative implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) throws SQLException {
            if ((Integer) after[2] < 0) {
                throw new SQLException("not this one");
            }
        }
    }

    public static final class Careless implements Trigger {
        @Override
        public void fire(Connection connection, Object[] before, Object[] after) {
            if ((Integer) after[2] < 0) {
                throw new IllegalStateException("not this one");
            }
        }
    }
}
