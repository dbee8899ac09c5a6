package io.keysetsync.database;

import io.keysetsync.ConfigurationException;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.database.fault.DatabaseErrors;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.Guard;
import io.keysetsync.table.ServerEncoding;
import io.keysetsync.table.TableName;
import io.keysetsync.table.TableSchema;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** Reads tables from the catalogue, creates missing ones, and adds missing columns. What exists is left as it is. */
public final class Tables {

    private final Database database;
    private final JdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate named;
    private final Ddl ddl;
    private final DdlLocks locks;
    private final boolean storesUpperCase;
    private final boolean storesLowerCase;
    private volatile @Nullable ServerEncoding encoding;

    /** The tables that a template's connections lead to. Opens a connection, or takes that of the transaction. */
    public Tables(Database database, JdbcTemplate jdbc) {
        this.database = database;
        this.jdbc = jdbc;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.ddl = new Ddl(database, jdbc);
        this.locks = DdlLocks.of(Objects.requireNonNullElse(ask(DatabaseMetaData::getURL), ""));
        this.storesUpperCase = Boolean.TRUE.equals(ask(DatabaseMetaData::storesUpperCaseIdentifiers));
        this.storesLowerCase = Boolean.TRUE.equals(ask(DatabaseMetaData::storesLowerCaseIdentifiers));
    }

    private interface Question<T> {
        @Nullable
        T of(DatabaseMetaData database) throws SQLException;
    }

    private <T> @Nullable T ask(Question<T> question) {
        return jdbc.execute((ConnectionCallback<@Nullable T>) connection -> question.of(connection.getMetaData()));
    }

    /** The characters that text in this database can have. */
    public ServerEncoding encoding() {
        ServerEncoding known = encoding;
        if (known == null) {
            String query = database.encoding();
            String name = query == null ? null : jdbc.queryForObject(query, String.class);
            known = name == null ? ServerEncoding.UNICODE : ServerEncoding.of(name);
            encoding = known;
        }
        return known;
    }

    /** Ends a thread's wait to read the catalogue or to alter a table; everything else that the thread does continues. */
    public static void endWait(Thread thread) {
        DdlLocks.endWait(thread);
    }

    /**
     * Reads or alters a table while no other thread of this process does.
     *
     * @throws io.keysetsync.InterruptedRunException if the thread is interrupted while it waits for its turn
     */
    public <T> T exclusively(TableName table, Supplier<T> work) {
        return locks.exclusively(
                database.ddlLockKey(table), "the table " + database.quote(table) + " of " + database.name(), work);
    }

    /**
     * Refuses an existing table that doesn't fit its schema.
     *
     * @return the table
     * @throws io.keysetsync.ConfigurationException naming all that doesn't fit, with the DDL that would mend it
     */
    public ExistingTable check(TableSchema schema, String stream) {
        TableCheck.names(database, encoding(), schema, stream);
        ExistingTable existing = existing(schema.name());
        if (existing.exists()) {
            new TableCheck(database, schema, existing).refuseUnfit(stream);
        }
        return existing;
    }

    /**
     * Refuses an existing table that has one of the program's own columns with another type. Does nothing if the column is
     * one of the schema, or is missing.
     *
     * @param existing the table, which {@link #check} has found to fit
     * @throws io.keysetsync.ConfigurationException naming the column, and the DDL that would mend it
     */
    public void checkOwn(Column column, TableSchema schema, ExistingTable existing, String stream) {
        if (!schema.columns().contains(column)) {
            new TableCheck(database, schema, existing).refuseUnfitOwn(column, stream);
        }
    }

    /**
     * Creates a stream's table, or the columns that the program adds to the schema's, if they are missing.
     *
     * @param schema the schema's columns
     * @param whole those and the program's own
     * @param onMissing called before a missing table is created
     * @return the table as it is now
     * @throws io.keysetsync.ConfigurationException if the table exists and doesn't fit, as in {@link #check}
     */
    public ExistingTable create(TableSchema schema, TableSchema whole, String stream, Runnable onMissing) {
        return exclusively(whole.name(), () -> createExclusively(schema, whole, stream, onMissing));
    }

    private ExistingTable createExclusively(TableSchema schema, TableSchema whole, String stream, Runnable onMissing) {
        TableCheck.names(database, encoding(), whole, stream);
        ExistingTable existing = existing(whole.name());
        if (!existing.exists()) {
            onMissing.run();
            createSchema(whole.name().schema(), stream);
            create(database.createTable(whole), () -> existing(whole.name()).exists());
            existing = existing(whole.name());
        }
        TableCheck check = new TableCheck(database, schema, existing);
        check.refuseUnfit(stream);
        Column cursor = whole.column(Guard.COLUMN);
        if (cursor != null) {
            check.refuseUnfitOwn(cursor, stream);
        }
        List<Column> missing = missing(existing, whole);
        missing.forEach(column -> add(whole, column));
        return missing.isEmpty() ? existing : existing(whole.name());
    }

    /** Looks first: who may not create schemas may have a table in one that exists. */
    private void createSchema(@Nullable String schema, String stream) {
        if (schema == null || hasSchema(schema)) {
            return;
        }
        try {
            alter(database.createSchema(schema));
        } catch (DataAccessException e) {
            if (DatabaseErrors.isTimeout(e)) {
                throw e;
            }
            if (!hasSchema(schema)) { // else another process created it between the look and the attempt
                throw new ConfigurationException(
                        "stream " + stream + ": the schema " + database.quote(schema)
                                + " of its table is missing, and the"
                                + " database refuses to create it: " + DatabaseErrors.describe(e)
                                + "; have an administrator create it, or correct 'schema' in the stream's schema file",
                        e);
            }
        }
    }

    private boolean hasSchema(String schema) {
        return !named.queryForList(database.schemaOfName(), Map.of("schema", schema))
                .isEmpty();
    }

    /** The parameters of a query about a table. */
    static Map<String, @Nullable Object> parameters(TableName table) {
        Map<String, @Nullable Object> parameters = new HashMap<>();
        parameters.put("schema", table.schema());
        parameters.put("table", table.table());
        return parameters;
    }

    private static List<Column> missing(ExistingTable existing, TableSchema whole) {
        return whole.columns().stream()
                .filter(column -> existing.column(column.name()) == null)
                .toList();
    }

    /** Begins to look for rights that the database's user lacks. */
    public Rights rights() {
        return new Rights(database, jdbc);
    }

    /** Looks for the rights on a table whose name is not quoted. */
    public void requireUnquoted(Rights rights, String table, String column, List<Right> needed) {
        boolean exists = !columnsOfUnquoted(table).isEmpty();
        rights.require(stored(table), inItsCase(column), exists, needed);
    }

    /** The most bytes that a statement and its parameters may have. */
    public long maxStatement() {
        String query = database.maxStatement();
        Long bytes = query == null ? null : jdbc.queryForObject(query, Long.class);
        return bytes == null ? Long.MAX_VALUE : bytes;
    }

    /** Adds a column unless the table has it. */
    public void add(TableSchema table, Column column) {
        alter(database.addColumn(table.name(), column));
    }

    /** Gives a column a wider type, or leaves the table as it was. */
    public void widen(TableSchema table, Column column, ColumnType wider) {
        try {
            database.widen(table.name(), column, wider).forEach(this::alter);
        } catch (DataAccessException e) {
            database.afterRefusedWiden(table.name(), column).forEach(this::alter);
            throw e;
        }
    }

    /**
     * Creates a table whose name is not quoted, if it is missing.
     *
     * @return its columns, in lower case
     */
    public List<String> createUnquoted(String table, String ddl) {
        List<String> found = columnsOfUnquoted(table);
        if (!found.isEmpty()) {
            return found;
        }
        create(ddl, () -> !columnsOfUnquoted(table).isEmpty());
        return columnsOfUnquoted(table);
    }

    /** The columns of a table whose name is not quoted, in lower case; none if it doesn't exist. */
    public List<String> columnsOfUnquoted(String table) {
        TableName stored = stored(table);
        return exclusively(stored, () -> columns(stored)).stream()
                .map(column -> column.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    /** Whether a table whose name is not quoted has an index of any name that begins with these columns. */
    public boolean hasIndex(String table, List<String> columns) {
        TableName stored = stored(table);
        return exclusively(stored, () -> indexes(stored)).stream()
                .anyMatch(index -> index.size() >= columns.size()
                        && index.subList(0, columns.size()).equals(columns));
    }

    private Collection<List<String>> indexes(TableName table) {
        Map<String, List<String>> indexes = new LinkedHashMap<>();
        jdbc.execute((ConnectionCallback<@Nullable Void>) connection -> {
            try (ResultSet columns = connection
                    .getMetaData()
                    .getIndexInfo(connection.getCatalog(), connection.getSchema(), table.table(), false, true)) {
                while (columns.next()) {
                    String column = columns.getString("COLUMN_NAME");
                    if (column != null) { // the row of the table's own statistics has none
                        indexes.computeIfAbsent(columns.getString("INDEX_NAME"), name -> new ArrayList<>())
                                .add(column.toLowerCase(Locale.ROOT));
                    }
                }
            }
            return null;
        });
        return indexes.values();
    }

    /** A name as the database keeps it if it is not quoted. */
    private String inItsCase(String unquoted) {
        if (storesUpperCase) {
            return unquoted.toUpperCase(Locale.ROOT);
        }
        return storesLowerCase ? unquoted.toLowerCase(Locale.ROOT) : unquoted;
    }

    private TableName stored(String unquoted) {
        return TableName.of(inItsCase(unquoted));
    }

    /** Executes DDL; a lock that somebody else holds is waited for no longer than by other statements. */
    public void alter(String sql) {
        ddl.execute(sql);
    }

    private void create(String sql, BooleanSupplier exists) {
        try {
            alter(sql);
        } catch (DataAccessException e) {
            if (!exists.getAsBoolean()) {
                throw e;
            }
            // another process created it between the look and the attempt
        }
    }

    public boolean exists(TableName table) {
        return exclusively(table, () -> !columns(table).isEmpty());
    }

    /** A table as it is now. */
    public ExistingTable existing(TableName table) {
        return exclusively(table, () -> read(table));
    }

    /** The columns of a table by the shorter way, if there is one for it, and then without the kind of the table. */
    private List<ExistingColumn> columns(TableName table) {
        List<ExistingColumn> columns = database.columns(jdbc, table);
        return columns == null ? columns(table, kind -> {}) : columns;
    }

    private List<ExistingColumn> columns(TableName table, Consumer<@Nullable String> unfitKind) {
        return named.query(database.columnsOfTable(table), parameters(table), (row, i) -> {
            unfitKind.accept(row.getString(7));
            SqlType type = SqlType.parse(row.getString(2), row.getString(5));
            return new ExistingColumn(
                    row.getString(1),
                    type,
                    database.typesOf(type),
                    row.getBoolean(3),
                    row.getBoolean(4),
                    row.getBoolean(6));
        });
    }

    private @Nullable String unfitKind(TableName table) {
        return named.query(database.unfitKindOfTable(table), parameters(table), (row, i) -> row.getString(1)).stream()
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /**
     * Refuses a table whose name is not quoted and that has no transactions.
     *
     * @throws ConfigurationException naming what it is
     */
    public void refuseUnfitUnquoted(String table) {
        TableName stored = stored(table);
        String kind = exclusively(stored, () -> unfitKind(stored));
        if (kind != null) {
            throw new ConfigurationException("database: " + table + " is " + kind + "; keyset-sync needs a table with"
                    + " transactions: move it away, so that it is created, or change it");
        }
    }

    private ExistingTable read(TableName table) {
        List<@Nullable String> unfitKind = new ArrayList<>();
        List<ExistingColumn> columns = database.columns(jdbc, table);
        if (columns == null) {
            columns = columns(table, unfitKind::add);
        } else if (!columns.isEmpty()) {
            unfitKind.add(unfitKind(table));
        }
        if (columns.isEmpty()) {
            return new ExistingTable(columns, List.of(), null);
        }
        Map<String, Set<String>> keys = new LinkedHashMap<>();
        named.query(database.uniqueKeysOfTable(table), parameters(table), row -> {
            keys.computeIfAbsent(row.getString(1), index -> new LinkedHashSet<>())
                    .add(row.getString(2));
        });
        return new ExistingTable(columns, List.copyOf(keys.values()), unfitKind.get(0));
    }
}
