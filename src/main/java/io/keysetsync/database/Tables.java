package io.keysetsync.database;

import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.TableSchema;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Creates what is missing: the tables beside the data, and a stream's own. What is there is left as it is. */
public final class Tables {

    /** What {@link #alone} holds: one for each of {@link Database#ddlLockKey}. */
    private static final Map<String, Object> MONITORS = new ConcurrentHashMap<>();

    private final Database database;
    private final JdbcTemplate jdbc;

    public Tables(Database database, JdbcTemplate jdbc) {
        this.database = database;
        this.jdbc = jdbc;
    }

    /** Does what looks at a table or alters it while no other thread of this process does. */
    public <T> T alone(String table, Supplier<T> work) {
        synchronized (MONITORS.computeIfAbsent(database.ddlLockKey(table), name -> new Object())) {
            return work.get();
        }
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
                        "error " + text,
                        "schema_changes " + text));
        addIfMissing("keyset_sync_run", "schema_changes", text); // tables of earlier versions lack it
        create(
                "keyset_sync_column",
                List.of(
                        "id " + key + " PRIMARY KEY",
                        "stream " + key,
                        "field " + text + " NOT NULL",
                        "column_name " + text + " NOT NULL",
                        "added_at " + time + " NOT NULL"));
        create(
                "keyset_sync_quarantine",
                List.of(
                        "id " + key + " PRIMARY KEY",
                        "stream " + key,
                        "run_id " + key,
                        "set_aside_by VARCHAR(10) DEFAULT 'source' NOT NULL",
                        "record " + text + " NOT NULL",
                        "reason " + text + " NOT NULL",
                        "seen_at " + time + " NOT NULL"));
        addIfMissing("keyset_sync_quarantine", "set_aside_by", "VARCHAR(10) DEFAULT 'source' NOT NULL");
    }

    /** Whether the tables beside the data are there, so that a stream may have a cursor. */
    public boolean haveState() {
        return existing(stored("keyset_sync_quarantine")).exists(); // the last to be created
    }

    private void create(String table, List<String> columns) {
        createIfMissing(stored(table), "CREATE TABLE " + table + " (" + String.join(", ", columns) + ")");
    }

    private String stored(String name) {
        return database.storesUpperCase() ? name.toUpperCase(Locale.ROOT) : name;
    }

    private void addIfMissing(String table, String column, String type) {
        ExistingTable existing = existing(stored(table));
        if (existing.column(stored(column)) == null) {
            jdbc.execute("ALTER TABLE " + table + " ADD COLUMN IF NOT EXISTS " + column + " " + type);
        }
    }

    /**
     * Refuses a table that is there but doesn't fit its schema.
     *
     * @throws io.keysetsync.ConfigurationException naming all that doesn't fit, with the DDL that would mend it
     */
    public void check(TableSchema schema, String stream) {
        TableCheck.names(database, schema, stream);
        ExistingTable existing = existing(schema.table());
        if (existing.exists()) {
            new TableCheck(database, schema, existing).refuseUnfit(stream);
        }
    }

    /**
     * Creates a stream's table, or the columns of ours that it lacks.
     *
     * @param schema the schema's columns
     * @param whole those and ours
     * @return the table as it is now
     * @throws io.keysetsync.ConfigurationException if the table is there and doesn't fit, as {@link #check}
     */
    public ExistingTable create(TableSchema schema, TableSchema whole, String stream) {
        return alone(whole.table(), () -> createAlone(schema, whole, stream));
    }

    private ExistingTable createAlone(TableSchema schema, TableSchema whole, String stream) {
        TableCheck.names(database, whole, stream);
        createIfMissing(whole.table(), database.createTable(whole));
        ExistingTable existing = existing(whole.table());
        new TableCheck(database, schema, existing).refuseUnfit(stream);
        List<Column> missing = whole.columns().stream()
                .filter(column -> existing.column(column.name()) == null)
                .toList();
        missing.forEach(column -> jdbc.execute(database.addColumn(whole.table(), column)));
        return missing.isEmpty() ? existing : existing(whole.table());
    }

    /** The most bytes that a statement and its parameters may have. */
    public long maxStatement() {
        String query = database.maxStatement();
        Long bytes = query == null ? null : jdbc.queryForObject(query, Long.class);
        return bytes == null ? Long.MAX_VALUE : bytes;
    }

    /** Adds a column, unless it is there. */
    public void add(TableSchema table, Column column) {
        jdbc.execute(database.addColumn(table.table(), column));
    }

    /** Gives a column a wider type. */
    public void widen(TableSchema table, Column column, ColumnType wider) {
        database.widen(table.table(), column, wider).forEach(jdbc::execute);
    }

    private void createIfMissing(String stored, String ddl) {
        if (existing(stored).exists()) {
            return;
        }
        try {
            jdbc.execute(ddl);
        } catch (DataAccessException e) {
            if (!existing(stored).exists()) {
                throw e;
            }
            // another process created it between the look and the attempt
        }
    }

    /** A table as it is now, in the schema in which the connection looks for tables first. */
    public ExistingTable existing(String table) {
        return alone(table, () -> read(table));
    }

    private ExistingTable read(String table) {
        NamedParameterJdbcTemplate named = new NamedParameterJdbcTemplate(jdbc);
        List<ExistingColumn> columns = named.query(database.columnsOfTable(), Map.of("table", table), (row, i) -> {
            SqlType type = SqlType.parse(row.getString(2), row.getString(5));
            return new ExistingColumn(
                    row.getString(1), type, database.typesOf(type), row.getBoolean(3), row.getBoolean(4));
        });
        if (columns.isEmpty()) {
            return new ExistingTable(columns, List.of());
        }
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        named.query(database.uniqueKeysOfTable(), Map.of("table", table), row -> {
            keys.computeIfAbsent(row.getString(1), index -> new LinkedHashSet<>())
                    .add(row.getString(2));
        });
        return new ExistingTable(columns, List.copyOf(keys.values()));
    }
}
