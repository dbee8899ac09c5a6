package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The isolation in which pages are saved, whatever the database's default is. */
class IsolationTest {

    private static final String SCHEMA = "{\"table\": \"t\", \"primary_key\": [\"id\"],"
            + " \"columns\": {\"id\": \"STRING\", \"updatedAt\": \"UTC_DATETIME\"}}";

    private static final String RECORD = "{\"id\": \"%d\", \"updatedAt\": \"2024-01-01T00:00:00Z\"}";

    @Test
    void isReadCommittedOnMariaDbWhoseDefaultIsRepeatableRead() throws Exception {
        TestDatabase database = TestDatabase.mariaDb();
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(RECORD.formatted(1));
            database.jdbc().execute("ALTER TABLE t ADD level VARCHAR(30)");
            database.jdbc()
                    .execute("CREATE TRIGGER t_level BEFORE INSERT ON t FOR EACH ROW SET NEW.level = @@tx_isolation");
            stream.sync(RECORD.formatted(2));
            stream.sync(RECORD.formatted(3));
        }
        assertThat(database.jdbc().queryForList("SELECT level FROM t ORDER BY id", String.class))
                .containsExactly(null, "READ-COMMITTED", "READ-COMMITTED");
    }

    @Test
    void isReadCommittedOnPostgreSqlAlsoIfTheDefaultIsAnotherOne() throws Exception {
        TestDatabase database = TestDatabase.postgreSql();
        DataSource serializable = new DriverManagerDataSource(
                database.url() + (database.url().contains("?") ? "&" : "?")
                        + "options=-c%20default_transaction_isolation=serializable",
                database.username(),
                database.password());
        try (OwnStream stream = new OwnStream(database, SCHEMA)) {
            stream.sync(RECORD.formatted(1));
            database.jdbc().execute("ALTER TABLE t ADD level text DEFAULT current_setting('transaction_isolation')");
            stream.sync(RECORD.formatted(2));
        }
        try (OwnStream stream = new OwnStream("own", database, serializable, SCHEMA)) {
            stream.sync(RECORD.formatted(3));
            stream.sync(RECORD.formatted(4));
        }
        assertThat(database.jdbc().queryForList("SELECT level FROM t WHERE id > '1' ORDER BY id", String.class))
                .containsExactly("read committed", "read committed", "read committed");
    }
}
