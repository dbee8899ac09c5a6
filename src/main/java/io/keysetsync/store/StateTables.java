package io.keysetsync.store;

import io.keysetsync.database.Database;
import io.keysetsync.database.Right;
import io.keysetsync.database.Rights;
import io.keysetsync.database.Tables;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.table.TableName;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/** The tables that keyset-sync keeps beside the data: their definitions, and their creation if they are missing. */
public final class StateTables {

    private static final Logger LOG = LoggerFactory.getLogger(StateTables.class);

    private static final String RUNS = "keyset_sync_run";
    private static final String QUARANTINE = "keyset_sync_quarantine";
    private static final String WINDOWS = "keyset_sync_window";

    private final Database database;
    private final JdbcTemplate jdbc;
    private final Tables tables;
    private final List<Definition> definitions;
    private final Definition windows;
    private volatile boolean found;
    private volatile boolean windowsFound;
    private volatile boolean checked;

    private static final List<Right> KEEP = List.of(Right.SELECT, Right.INSERT, Right.UPDATE);
    private static final List<Right> CLEAN = List.of(Right.SELECT, Right.INSERT, Right.UPDATE, Right.DELETE);

    /** A table, the rights that runs need on it, and its columns in order. */
    private record Definition(String table, List<Right> rights, List<Column> columns) {

        String ddl(Database database) {
            return "CREATE TABLE " + table + " ("
                    + String.join(", ", columns.stream().map(Column::ddl).toList()) + ")" + database.tableOptions();
        }
    }

    private record Column(String name, String type) {

        String ddl() {
            return name + " " + type;
        }
    }

    public StateTables(Database database, JdbcTemplate jdbc) {
        this.database = database;
        this.jdbc = jdbc;
        this.tables = new Tables(database, jdbc);
        this.definitions = definitions(database);
        this.windows = windows(database);
    }

    /** A column that an earlier version lacked is added to its table; such a column is nullable or has a default. */
    private static List<Definition> definitions(Database database) {
        String key = database.keyTextType() + " NOT NULL";
        String text = database.textType();
        String time = database.timeType();
        return List.of(
                new Definition(
                        "keyset_sync_cursor",
                        KEEP,
                        List.of(
                                new Column("stream", key + " PRIMARY KEY"),
                                new Column("cursor_value", text),
                                new Column("version", "BIGINT NOT NULL"),
                                new Column("updated_at", time + " NOT NULL"),
                                new Column("url", text),
                                new Column("table_name", text),
                                new Column("key_columns", text),
                                new Column("cursor_field", text),
                                new Column("set_by", "VARCHAR(10)"))),
                new Definition(
                        RUNS,
                        CLEAN,
                        List.of(
                                new Column("run_id", key + " PRIMARY KEY"),
                                new Column("stream", key),
                                new Column("node", text),
                                new Column("started_at", time + " NOT NULL"),
                                new Column("ended_at", time),
                                new Column("status", "VARCHAR(20) NOT NULL"),
                                new Column("pages", "BIGINT NOT NULL"),
                                new Column("records", "BIGINT NOT NULL"),
                                new Column("upserted", "BIGINT NOT NULL"),
                                new Column("unchanged", "BIGINT NOT NULL"),
                                new Column("deleted", "BIGINT NOT NULL"),
                                new Column("quarantined", "BIGINT NOT NULL"),
                                new Column("cursor_from", text),
                                new Column("cursor_to", text),
                                new Column("error", text),
                                new Column("schema_changes", text),
                                new Column("kind", "VARCHAR(10) DEFAULT '" + RunKind.SYNC + "' NOT NULL"))),
                new Definition(
                        "keyset_sync_column",
                        KEEP,
                        List.of(
                                new Column("id", key + " PRIMARY KEY"),
                                new Column("stream", key),
                                new Column("field", text + " NOT NULL"),
                                new Column("column_name", text + " NOT NULL"),
                                new Column("added_at", time + " NOT NULL"))),
                new Definition(
                        QUARANTINE,
                        List.of(Right.SELECT, Right.INSERT, Right.DELETE),
                        List.of(
                                new Column("id", key + " PRIMARY KEY"),
                                new Column("stream", key),
                                new Column("run_id", key),
                                new Column("set_aside_by", "VARCHAR(10) DEFAULT 'source' NOT NULL"),
                                new Column("record", text + " NOT NULL"),
                                new Column("reason", text + " NOT NULL"),
                                new Column("seen_at", time + " NOT NULL"))));
    }

    private static Definition windows(Database database) {
        String key = database.keyTextType() + " NOT NULL";
        String text = database.textType();
        return new Definition(
                WINDOWS,
                CLEAN,
                List.of(
                        new Column("id", key + " PRIMARY KEY"),
                        new Column("stream", key),
                        new Column("place", "BIGINT NOT NULL"),
                        new Column("window_from", "VARCHAR(40) NOT NULL"),
                        new Column("window_to", "VARCHAR(40) NOT NULL"),
                        new Column("status", "VARCHAR(20) NOT NULL"),
                        new Column("node", text),
                        new Column("claim", "BIGINT NOT NULL"),
                        new Column("run_id", key),
                        new Column("is_last", "SMALLINT NOT NULL"),
                        new Column("begin_value", text),
                        new Column("reached", text),
                        new Column("beat", "BIGINT NOT NULL"),
                        new Column("error", text),
                        new Column("mark_version", "BIGINT NOT NULL"),
                        new Column("plan", "VARCHAR(100) NOT NULL")));
    }

    /** Creates the table of windows if it is missing; only streams that ask for several windows at once need it. */
    public void createWindows() {
        if (windowsFound && haveWindows()) {
            return;
        }
        exclusively(this::createWindowsNow);
    }

    private void createWindowsNow() {
        boolean isMissing = !haveWindows();
        if (isMissing) {
            create(windows);
        }
        if (isMissing || !windowsFound) {
            tables.refuseUnfitUnquoted(WINDOWS);
            index("keyset_sync_window_stream", WINDOWS, "stream");
            windowsFound = true;
        }
    }

    /** Whether the table of windows exists. */
    public boolean haveWindows() {
        return !tables.columnsOfUnquoted(WINDOWS).isEmpty();
    }

    /**
     * Creates the tables that are missing, and adds the columns that those of an earlier version lack. Once they have been
     * found, one statement that reads no row confirms that they are still there, and the catalogue is left alone.
     */
    public void create() {
        if (found && areComplete()) {
            return;
        }
        exclusively(this::createNow);
    }

    /**
     * Does work while no other stream reads the catalogue. The first runs on a new database begin together, and H2 can't
     * list a table's indexes while the table gets one.
     */
    private void exclusively(Runnable work) {
        boolean unused = tables.exclusively(TableName.of(RUNS), () -> {
            work.run();
            return true;
        });
    }

    private void createNow() {
        boolean complete = exist() && areComplete();
        if (!complete) {
            definitions.forEach(this::create);
        }
        if (!complete || !found) {
            check();
            index("keyset_sync_run_started", RUNS, "stream", "started_at"); // a stream's runs in their order
            index("keyset_sync_quarantine_stream", QUARANTINE, "stream"); // counted often
        }
        found = true;
    }

    /**
     * Refuses tables that have no transactions, among those that exist.
     *
     * @throws io.keysetsync.ConfigurationException naming the first
     */
    public void check() {
        if (checked) {
            return;
        }
        definitions.forEach(definition -> tables.refuseUnfitUnquoted(definition.table()));
        checked = true;
    }

    /**
     * Creates an index, on a table of an earlier version, too. Without it everything works, only slower; so a user who may
     * not create the index is told, and the sync continues.
     */
    private void index(String name, String table, String... columns) {
        if (tables.hasIndex(table, List.of(columns))) {
            return;
        }
        String ddl = "CREATE INDEX IF NOT EXISTS " + name + " ON " + table + " (" + String.join(", ", columns) + ")";
        try {
            tables.alter(ddl);
        } catch (DataAccessException e) {
            if (!tables.hasIndex(table, List.of(columns))) {
                LOG.warn(
                        "the table {} has no index on {}, and could not be given one ({}); run: {}",
                        table,
                        String.join(" and ", columns),
                        DatabaseErrors.describe(e),
                        ddl);
            }
            // else another process created it between the look and the attempt
        }
    }

    private void create(Definition definition) {
        List<String> found = tables.createUnquoted(definition.table(), definition.ddl(database));
        definition.columns().stream()
                .filter(column -> !found.contains(column.name()))
                .forEach(column -> tables.alter(
                        "ALTER TABLE " + definition.table() + " ADD COLUMN IF NOT EXISTS " + column.ddl()));
    }

    /** Whether the tables exist and lack nothing that this version has added. */
    public boolean areCurrent() {
        return exist() && areComplete();
    }

    /** Looks for the rights that runs need on these tables, or to create them; nothing is tried. */
    public Rights rights() {
        Rights rights = tables.rights();
        definitions.forEach(definition -> tables.requireUnquoted(
                rights, definition.table(), definition.columns().get(0).name(), definition.rights()));
        return rights;
    }

    /** A statement that names all columns fails if one of them is missing. */
    private boolean areComplete() {
        String columns = definitions.stream()
                .flatMap(definition ->
                        definition.columns().stream().map(column -> definition.table() + "." + column.name()))
                .collect(Collectors.joining(", "));
        String from = definitions.stream().map(Definition::table).collect(Collectors.joining(", "));
        try {
            jdbc.queryForList("SELECT " + columns + " FROM " + from + " WHERE 1 = 0");
            return true;
        } catch (BadSqlGrammarException e) {
            return false;
        }
    }

    /** Whether the tables exist, or did when they were last looked for, so that a stream may have a cursor. */
    public boolean exist() {
        return found
                || !tables.columnsOfUnquoted(
                                definitions.get(definitions.size() - 1).table())
                        .isEmpty();
    }
}
