package io.keysetsync.store;

import io.keysetsync.Counts;
import io.keysetsync.RunStatus;
import io.keysetsync.database.Database;
import io.keysetsync.table.ServerEncoding;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.TransientDataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The table {@code keyset_sync_run}: one row for each run, however it ended. */
public final class RunLog {

    private static final Logger LOG = LoggerFactory.getLogger(RunLog.class);

    /** The most rows that one run deletes, so that the first cleaning of a long history doesn't hold it up. */
    private static final int MOST_DELETED = 1000;

    /** Rows of runs that asked the API. */
    static final String SYNC_RUN = "kind = '" + RunKind.SYNC + "'";

    /**
     * Rows of runs that asked the API for everything since their cursor. An earlier version's change of the cursor by hand
     * has such a status, too, and no page.
     */
    static final String COMPLETE_RUN = SYNC_RUN + " AND status = '" + RunStatus.COMPLETE + "' AND pages > 0";

    private final JdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate named;
    private final Clock clock;
    private final Supplier<Object> now;
    private final Supplier<Database> database;
    private final Supplier<ServerEncoding> encoding;
    private final History history;
    private final String node;

    RunLog(
            JdbcTemplate jdbc,
            Clock clock,
            Supplier<Database> database,
            Supplier<ServerEncoding> encoding,
            History history,
            String node) {
        this.jdbc = jdbc;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.clock = clock;
        this.now = () -> database.get().parameterOf(clock.instant());
        this.database = database;
        this.encoding = encoding;
        this.history = history;
        this.node = node;
    }

    /**
     * Opens a run's row, and deletes old ones. Rows of this stream that are still {@code running} belong to processes that
     * were killed and become {@code interrupted}; if such a run is alive in another process, its own end corrects that.
     */
    public void begin(String runId, String stream, @Nullable String cursor) {
        jdbc.update(
                "UPDATE keyset_sync_run SET status = ?, ended_at = ? WHERE stream = ? AND status = ?",
                RunStatus.INTERRUPTED.toString(),
                now.get(),
                stream,
                RunStatus.RUNNING.toString());
        deleteOld(stream);
        open(runId, stream, cursor, RunKind.SYNC);
    }

    /**
     * Deletes runs of a stream that ended before the history begins, the oldest first; not the newest one, nor the newest
     * one that is {@code complete}. What can't be deleted now, because another process deletes it, is left to later runs.
     */
    private void deleteOld(String stream) {
        Instant cutoff = history.cutoff(clock.instant());
        if (cutoff == null) {
            return;
        }
        Object before = database.get().parameterOf(cutoff);
        try {
            List<String> old = jdbc.queryForList(
                    "SELECT run_id FROM keyset_sync_run WHERE stream = ? AND started_at < ? AND ended_at < ?"
                            + " AND status <> ? ORDER BY started_at FETCH FIRST " + MOST_DELETED + " ROWS ONLY",
                    String.class,
                    stream,
                    before,
                    before,
                    RunStatus.RUNNING.toString());
            if (old.isEmpty()) {
                return;
            }
            old.removeAll(newest(stream, ""));
            old.removeAll(newest(stream, " AND " + COMPLETE_RUN));
            if (!old.isEmpty()) {
                named.update("DELETE FROM keyset_sync_run WHERE run_id IN (:ids)", Map.of("ids", old));
            }
        } catch (TransientDataAccessException e) {
            LOG.debug("{}: old runs could not be deleted", stream, e);
        }
    }

    private List<String> newest(String stream, String condition) {
        return jdbc.queryForList(
                "SELECT run_id FROM keyset_sync_run WHERE stream = ?" + condition
                        + " ORDER BY started_at DESC FETCH FIRST 1 ROW ONLY",
                String.class,
                stream);
    }

    /** Opens the row of a run that may run beside another one of the stream, because it leaves the cursor alone. */
    public void open(String runId, String stream, @Nullable String cursor, RunKind kind) {
        jdbc.update(
                "INSERT INTO keyset_sync_run (run_id, stream, kind, node, started_at, status, pages, records, upserted,"
                        + " unchanged, deleted, quarantined, cursor_from, cursor_to)"
                        + " VALUES (?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?, ?)",
                runId,
                stream,
                kind.toString(),
                node,
                now.get(),
                RunStatus.RUNNING.toString(),
                cursor,
                cursor);
    }

    /** Corrects where and when a run begins, so that its row follows that of the change which made it begin elsewhere. */
    public void beginsAt(String runId, @Nullable String cursor) {
        jdbc.update(
                "UPDATE keyset_sync_run SET started_at = ?, cursor_from = ?, cursor_to = ? WHERE run_id = ?",
                now.get(),
                cursor,
                cursor,
                runId);
    }

    /**
     * Records that a stream's cursor was changed other than by a page, as a run without requests.
     *
     * @param why null if it was changed by hand
     */
    void cursorChanged(String stream, @Nullable String from, @Nullable String to, @Nullable String why) {
        jdbc.update(
                "INSERT INTO keyset_sync_run (run_id, stream, kind, node, started_at, ended_at, status, pages, records,"
                        + " upserted, unchanged, deleted, quarantined, cursor_from, cursor_to, error)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?, ?, ?)",
                UUID.randomUUID().toString(),
                stream,
                RunKind.STATE.toString(),
                node,
                now.get(),
                now.get(),
                RunStatus.COMPLETE.toString(),
                from,
                to,
                why);
    }

    /**
     * When the latest run began that has asked the API for everything since its cursor.
     *
     * @return empty if no run was ever complete
     */
    public Optional<Instant> lastCompleteBegan(String stream) {
        return jdbc
                .query(
                        "SELECT started_at FROM keyset_sync_run WHERE stream = ? AND " + COMPLETE_RUN
                                + " ORDER BY started_at DESC FETCH FIRST 1 ROW ONLY",
                        (row, i) -> database.get().instantAt(row, 1),
                        stream)
                .stream()
                .findFirst();
    }

    /** Updates the counts, in each page's transaction, so that they are right after a crash too. */
    public void page(String runId, Counts total, @Nullable String cursor) {
        jdbc.update(
                "UPDATE keyset_sync_run SET pages = ?, records = ?, upserted = ?, unchanged = ?, deleted = ?,"
                        + " quarantined = ?, cursor_to = ? WHERE run_id = ?",
                total.pages(),
                total.records(),
                total.upserted(),
                total.unchanged(),
                total.deleted(),
                total.quarantined(),
                cursor,
                runId);
    }

    /**
     * Locks a run's row until the transaction ends. Runners that share a run do so one at a time.
     *
     * @return whether the run is still under way
     */
    public boolean lock(String runId) {
        return jdbc.queryForList("SELECT status FROM keyset_sync_run WHERE run_id = ? FOR UPDATE", String.class, runId)
                .contains(RunStatus.RUNNING.toString());
    }

    /** Adds a page's counts to those of a run that several runners share, and so locks the run's row. */
    public void add(String runId, Counts page) {
        jdbc.update(
                "UPDATE keyset_sync_run SET pages = pages + ?, records = records + ?, upserted = upserted + ?,"
                        + " unchanged = unchanged + ?, deleted = deleted + ?, quarantined = quarantined + ?"
                        + " WHERE run_id = ?",
                page.pages(),
                page.records(),
                page.upserted(),
                page.unchanged(),
                page.deleted(),
                page.quarantined(),
                runId);
    }

    /** How many records a run has quarantined, in all its runners together. */
    public long quarantined(String runId) {
        Long count = jdbc.queryForObject("SELECT quarantined FROM keyset_sync_run WHERE run_id = ?", Long.class, runId);
        return count == null ? 0 : count;
    }

    /** Records where the stream's cursor is. */
    public void moved(String runId, @Nullable String cursor) {
        jdbc.update("UPDATE keyset_sync_run SET cursor_to = ? WHERE run_id = ?", cursor, runId);
    }

    /** Records what the run has changed of its table so far. */
    public void schemaChanged(String runId, String changes) {
        jdbc.update(
                "UPDATE keyset_sync_run SET schema_changes = ? WHERE run_id = ?",
                encoding.get().storable(changes),
                runId);
    }

    /** Records further changes of the run's table, beside those that other runners of the run have recorded. */
    public void addSchemaChanges(String runId, List<String> changes) {
        List<String> recorded = jdbc.queryForList(
                "SELECT schema_changes FROM keyset_sync_run WHERE run_id = ? AND schema_changes IS NOT NULL",
                String.class,
                runId);
        Set<String> all = new LinkedHashSet<>();
        recorded.forEach(text -> text.lines().forEach(all::add));
        all.addAll(changes);
        schemaChanged(runId, String.join("\n", all));
    }

    /** Closes a run's row. */
    public void end(String runId, RunStatus status, @Nullable String error) {
        jdbc.update(
                "UPDATE keyset_sync_run SET status = ?, ended_at = ?, error = ? WHERE run_id = ?",
                status.toString(),
                now.get(),
                error == null ? null : encoding.get().storable(error),
                runId);
    }
}
