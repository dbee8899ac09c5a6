package io.keysetsync.store;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Mark;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.database.fault.DatabaseTimeout;
import io.keysetsync.store.StreamStates.StreamState;
import io.keysetsync.table.ServerEncoding;
import java.sql.Savepoint;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * A database as keyset-sync uses it. Rows, cursors, runs and quarantined records go through one transaction-aware data
 * source, so that what belongs to a page commits together (rule 1).
 */
public final class SyncStore {

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    private final DataSource dataSource;
    private final TransactionTemplate transactions;
    private final Function<String, CursorFormat> formats;
    private final JdbcCursorRepository cursors;
    private final RunLog runs;
    private final StreamStates states;
    private final PastRuns pastRuns;
    private final Quarantine quarantine;
    private final Windows windows;
    private final DriftColumns driftColumns;
    private final JdbcTemplate jdbc;
    private volatile @Nullable Opened opened;

    /** What the first connection tells. */
    private record Opened(Database database, Tables tables, StateTables stateTables) {}

    /**
     * A store in the database behind a pool, which need not be up yet.
     *
     * @param transactionManager of that pool
     * @param history how long finished runs are kept
     * @param timeout the longest wait for a statement
     * @param formats how each stream's cursors are read
     * @param node who runs, for the runs' rows
     */
    public SyncStore(
            DataSource pool,
            PlatformTransactionManager transactionManager,
            Clock clock,
            History history,
            DatabaseTimeout timeout,
            Function<String, CursorFormat> formats,
            String node) {
        this.dataSource =
                pool instanceof TransactionAwareDataSourceProxy ? pool : new TransactionAwareDataSourceProxy(pool);
        this.formats = formats;
        this.jdbc = timeout.template(dataSource);
        this.transactions = new ReadCommitted(transactionManager, jdbc);
        Supplier<Object> now = () -> database().parameterOf(clock.instant());
        this.cursors = new JdbcCursorRepository(jdbc, now, formats);
        this.runs = new RunLog(jdbc, clock, this::database, this::encoding, history, node);
        this.states = new StreamStates(jdbc, this::database);
        this.pastRuns = new PastRuns(jdbc, this::database);
        this.driftColumns = new DriftColumns(jdbc, now);
        this.windows = new Windows(jdbc, runs, this::encoding, this::stateTables);
        this.quarantine = new Quarantine(jdbc, clock, this::database, this::encoding);
    }

    /** The data source whose connections belong to the transaction of the calling thread. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** The most seconds that a statement may take; not positive if there is no limit. */
    public int queryTimeout() {
        return jdbc.getQueryTimeout();
    }

    /** Begins the transactions in which pages are saved. */
    public TransactionTemplate transactions() {
        return transactions;
    }

    /** Runs {@code work} in a transaction, or in the one of the calling thread. */
    public void inTransaction(Runnable work) {
        transactions.executeWithoutResult(status -> work.run());
    }

    /**
     * Moves a stream's cursor by hand, forward or back, or forgets it. A run's row keeps the old and the new value.
     * A run of the stream that is under way loses its page and ends as {@code fenced}.
     *
     * @param cursor as the API writes it, of the stream's type; null to forget it
     * @return the cursor before
     * @throws ConfigurationException if {@code cursor} can't be read as one
     */
    public @Nullable String changeCursor(String stream, @Nullable String cursor) {
        if (cursor != null && formats.apply(stream).parse(cursor) == null) {
            throw new ConfigurationException("stream " + stream + ": cursor '" + cursor + "' "
                    + formats.apply(stream).problem(cursor));
        }
        stateTables().create();
        return transactions.execute(transaction -> {
            windows.drop(stream);
            Mark seen = cursors.read(stream);
            cursors.move(stream, seen, cursor);
            runs.cursorChanged(stream, seen.cursor(), cursor, null);
            return seen.cursor();
        });
    }

    /**
     * Says that a stream's url, table, key or cursor field has changed and the data has not, so that the stored cursor
     * stays valid. A run's row keeps it. A run of the stream that is under way loses its page and ends as {@code fenced}.
     *
     * @return the cursor
     * @throws ConfigurationException if there is none
     */
    public String keepCursor(String stream) {
        stateTables().create();
        return Objects.requireNonNull(transactions.execute(transaction -> {
            windows.drop(stream);
            StoredMark seen = cursors.stored(stream);
            String cursor = seen.mark().cursor();
            if (cursor == null) {
                throw new ConfigurationException(
                        "stream " + stream + ": there is no cursor to keep; the next run reads everything");
            }
            cursors.keep(stream, seen);
            runs.cursorChanged(stream, cursor, cursor, null);
            return cursor;
        }));
    }

    /**
     * Forgets a stream's cursor if its rows were in a table that is missing; must be called before the table is created.
     * A run's row says why. A cursor that was set by hand, and that no run has used yet, holds.
     */
    public void tableIsMissing(String stream, String table) {
        String why = "the table '" + table + "' is missing, so the cursor is forgotten and everything is read again";
        stateTables().create();
        windows.drop(stream);
        StoredMark seen = cursors.stored(stream);
        if (seen.speaksOf(table)) {
            inTransaction(() -> {
                cursors.move(stream, seen.mark(), null);
                runs.cursorChanged(stream, seen.mark().cursor(), null, "stream " + stream + ": " + why);
            });
            LOG.warn("{}: {}; it was {}", stream, why, seen.mark().cursor());
        }
    }

    /**
     * Sets a savepoint, to which the transaction of the calling thread can be rolled back.
     *
     * @param last the savepoint to release, or null; what was done since it stays
     */
    public Savepoint savepointAfter(@Nullable Savepoint last) {
        return Objects.requireNonNull(jdbc.execute((ConnectionCallback<Savepoint>) connection -> {
            if (last != null) {
                connection.releaseSavepoint(last);
            }
            return connection.setSavepoint();
        }));
    }

    /** Executes a statement in the transaction of the calling thread; its result is not used. */
    public void execute(String statement, List<Object> parameters) {
        jdbc.execute(statement, (PreparedStatementCallback<Boolean>) prepared -> {
            for (int i = 0; i < parameters.size(); i++) {
                prepared.setObject(i + 1, parameters.get(i));
            }
            return prepared.execute();
        });
    }

    /** The rows of a query, each as {@code row} reads it. */
    public <T> List<T> query(String query, RowMapper<T> row) {
        return jdbc.query(query, row);
    }

    /** Undoes what the calling thread's transaction has done since {@code savepoint}. */
    public void rollBackTo(Savepoint savepoint) {
        jdbc.execute((ConnectionCallback<Void>) connection -> {
            connection.rollback(savepoint);
            return null;
        });
    }

    /** Without a lock: a server that hangs would hold up all streams, and each of them can give up by itself. */
    private Opened opened() {
        Opened known = opened;
        if (known == null) {
            Database database = Databases.of(dataSource);
            known = new Opened(database, new Tables(database, jdbc), new StateTables(database, jdbc));
            opened = known;
        }
        return known;
    }

    /**
     * Which database this is. The first call opens a connection.
     *
     * @throws ConfigurationException if the database is unknown or too old
     */
    public Database database() {
        return opened().database();
    }

    /**
     * Changes tables on the connection of the page's transaction, before the page has written anything, and commits. In
     * H2 and MariaDB DDL commits by itself; in PostgreSQL it would be undone with the page. A separate connection would wait
     * forever in a pool of one.
     */
    public void commitDdl(Runnable changes) {
        changes.run();
        jdbc.execute((ConnectionCallback<@Nullable Void>) connection -> {
            connection.commit();
            return null;
        });
    }

    /** Undoes what {@link #commitDdl} did before it failed, as far as the database can. */
    public void rollbackDdl() {
        jdbc.execute((ConnectionCallback<@Nullable Void>) connection -> {
            connection.rollback();
            return null;
        });
    }

    private ServerEncoding encoding() {
        return tables().encoding();
    }

    public Tables tables() {
        return opened().tables();
    }

    public StateTables stateTables() {
        return opened().stateTables();
    }

    public JdbcCursorRepository cursors() {
        return cursors;
    }

    public RunLog runs() {
        return runs;
    }

    public StreamStates states() {
        return states;
    }

    /** How some streams are doing; in a database that no run has used yet, nothing is known of them. */
    public Map<String, StreamState> currentStates(Collection<String> streams) {
        return stateTables().exist()
                ? states.of(streams)
                : streams.stream().collect(Collectors.toMap(stream -> stream, stream -> StreamState.NONE));
    }

    public PastRuns pastRuns() {
        return pastRuns;
    }

    public DriftColumns driftColumns() {
        return driftColumns;
    }

    public Quarantine quarantine() {
        return quarantine;
    }

    public Windows windows() {
        return windows;
    }
}
