package io.keysetsync.database;

import io.keysetsync.table.TableSchema;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;

/** Creates what is missing: the tables beside the data, and a stream's own. What is there is left as it is. */
public final class Tables {

    private final Database database;
    private final JdbcTemplate jdbc;

    public Tables(Database database, JdbcTemplate jdbc) {
        this.database = database;
        this.jdbc = jdbc;
    }

    /** Creates the tables for cursors, runs and quarantined records. */
    public void createState() {
        String key = database.keyTextType() + " NOT NULL";
        String text = database.textType();
        String time = database.timeType();
        create(
                "keyset_sync_cursor",
                List.of(
                        "stream " + key + " PRIMARY KEY",
                        "cursor_value " + text,
                        "version BIGINT NOT NULL",
                        "updated_at " + time + " NOT NULL"));
        create(
                "keyset_sync_run",
                List.of(
                        "run_id " + key + " PRIMARY KEY",
                        "stream " + key,
                        "started_at " + time + " NOT NULL",
                        "ended_at " + time,
                        "status VARCHAR(20) NOT NULL",
                        "pages BIGINT NOT NULL",
                        "records BIGINT NOT NULL",
                        "upserted BIGINT NOT NULL",
                        "unchanged BIGINT NOT NULL",
                        "deleted BIGINT NOT NULL",
                        "quarantined BIGINT NOT NULL",
                        "cursor_from " + text,
                        "cursor_to " + text,
                        "error " + text));
        create(
                "keyset_sync_quarantine",
                List.of(
                        "id " + key + " PRIMARY KEY",
                        "stream " + key,
                        "run_id " + key,
                        "record " + text + " NOT NULL",
                        "reason " + text + " NOT NULL",
                        "seen_at " + time + " NOT NULL"));
    }

    /** Whether the tables beside the data are there, so that a stream may have a cursor. */
    public boolean haveState() {
        return exists(stored("keyset_sync_quarantine")); // the last to be created
    }

    private void create(String table, List<String> columns) {
        createIfMissing(stored(table), "CREATE TABLE " + table + " (" + String.join(", ", columns) + ")");
    }

    private String stored(String table) {
        return database.storesUpperCase() ? table.toUpperCase(Locale.ROOT) : table;
    }

    /** Creates a stream's table. */
    public void create(TableSchema table) {
        createIfMissing(table.table(), database.createTable(table));
    }

    private void createIfMissing(String stored, String ddl) {
        if (exists(stored)) {
            return;
        }
        try {
            jdbc.execute(ddl);
        } catch (DataAccessException e) {
            if (!exists(stored)) {
                throw e;
            }
            // another process created it between the look and the attempt
        }
    }

    private boolean exists(String table) {
        return Boolean.TRUE.equals(jdbc.execute((ConnectionCallback<Boolean>) c -> exists(c, table)));
    }

    private static boolean exists(Connection connection, String table) throws SQLException {
        try (ResultSet found =
                connection.getMetaData().getTables(connection.getCatalog(), connection.getSchema(), table, null)) {
            while (found.next()) {
                if (found.getString("TABLE_NAME").equals(table)) {
                    return true;
                }
            }
            return false;
        }
    }
}
