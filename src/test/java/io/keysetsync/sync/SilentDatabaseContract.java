package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.database.fault.DatabaseTimeout;
import io.keysetsync.pool.StandaloneDatabase;
import java.net.URI;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A database that doesn't answer fails a run in time, and the next run continues. */
abstract class SilentDatabaseContract {

    private static final String TIMEOUT = "PT1S";

    private static final String SCHEMA =
            "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\", \"name\": \"STRING\","
                    + " \"updatedAt\": \"UTC_DATETIME\"}}";

    private static final String FIRST = "{\"id\": \"1\", \"name\": \"a\", \"updatedAt\": \"2024-01-01T00:00:00Z\"}";
    private static final String NEWER = "{\"id\": \"1\", \"name\": \"b\", \"updatedAt\": \"2024-01-02T00:00:00Z\"}";
    private static final String WIDER =
            "{\"id\": \"1\", \"name\": \"b\", \"more\": \"c\", \"updatedAt\": \"2024-01-02T00:00:00Z\"}";

    final TestDatabase database = database();

    private StallingProxy proxy;
    private HikariDataSource pool;
    private OwnStream stream;

    abstract TestDatabase database();

    /** The beginning of a page's statement, as the driver sends it. */
    abstract String upsert();

    /** A commit, as the driver sends it. */
    abstract String commit();

    @BeforeEach
    void start() throws Exception {
        proxy = new StallingProxy(
                URI.create(database.url().substring("jdbc:".length())).getPort());
        pool = StandaloneDatabase.open(
                proxy.url(database.url()), database.username(), database.password(), 4, DatabaseTimeout.parse(TIMEOUT));
        stream = new OwnStream(Map.of(DatabaseTimeout.SETTING, TIMEOUT), "own", database, pool, SCHEMA);
        assertThat(stream.sync(FIRST)).containsEntry("status", "complete");
    }

    @AfterEach
    void stop() throws Exception {
        stream.close();
        proxy.close();
        pool.close();
    }

    @Test
    void aStatementWithoutAnAnswerFailsTheRunAndTheNextOneContinues() throws Exception {
        proxy.loseAnswersTo(upsert());

        fails(NEWER, "; check that it is up");
        proxy.recover();

        assertThat(names()).containsExactly("a");
        assertThat(database.cursor("own")).isEqualTo("2024-01-01T00:00:00Z");
        continuesWith(NEWER, 1);
    }

    @Test
    void aCommitWithoutAnAnswerFailsTheRunAndTheNextOneFindsOutWhatHolds() throws Exception {
        proxy.loseAnswersTo(commit());

        fails(NEWER, "was silent for longer than sync.database.timeout");
        proxy.recover();

        assertThat(names()).containsExactly("b");
        assertThat(database.cursor("own")).isEqualTo("2024-01-02T00:00:00Z");
        continuesWith(NEWER, 0);
    }

    @Test
    void aRowThatAnIdleSessionHasLockedFailsTheRunAndTheNextOneContinues() throws Exception {
        try (Connection idle = inTransaction("SELECT * FROM \"t\" FOR UPDATE")) {
            fails(NEWER, "it took longer than sync.database.timeout");
            idle.rollback();
        }
        continuesWith(NEWER, 1);
    }

    @Test
    void aTableThatAnIdleSessionReadsFailsTheRunThatHasToAlterIt() throws Exception {
        try (Connection idle = inTransaction("SELECT * FROM \"t\"")) {
            fails(WIDER, "it took longer than sync.database.timeout");
            idle.rollback();
        }
        continuesWith(WIDER, 1);
    }

    @Test
    void ddlWithoutAnAnswerFailsTheRunIfTheDatabaseAnswersNobody() throws Exception {
        proxy.loseAllAnswersAfter("ALTER TABLE");
        assertThat(stream.sync(WIDER)).containsEntry("status", "running"); // nobody could close the row
        proxy.recover();

        assertThat(names()).containsExactly("a");
        continuesWith(WIDER, 1);
    }

    private Connection inTransaction(String query) throws SQLException {
        Connection connection = database.jdbc().getDataSource().getConnection();
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.executeQuery(query).close();
        }
        return connection;
    }

    private void fails(String record, String why) throws Exception {
        Map<String, Object> run = stream.sync(record);
        assertThat(run).containsEntry("status", "failed");
        assertThat(run.get("error").toString())
                .startsWith("stream own: the database: ")
                .contains(why);
    }

    final void continuesWith(String record, long upserted) throws Exception {
        assertThat(stream.sync(record)).containsEntry("status", "complete").containsEntry("upserted", upserted);
        assertThat(names()).containsExactly("b");
        assertThat(database.cursor("own")).isEqualTo("2024-01-02T00:00:00Z");
    }

    private List<String> names() {
        return database.jdbc().queryForList("SELECT \"name\" FROM \"t\"", String.class);
    }
}
