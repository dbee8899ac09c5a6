package io.keysetsync.store;

import io.keysetsync.Counts;
import io.keysetsync.RunStatus;
import io.keysetsync.database.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table {@code keyset_sync_run}: a row for each run, whatever became of it. */
public final class RunLog {

    private final JdbcTemplate jdbc;
    private final Supplier<Object> now;
    private final Supplier<Database> database;

    RunLog(JdbcTemplate jdbc, Supplier<Object> now, Supplier<Database> database) {
        this.jdbc = jdbc;
        this.now = now;
        this.database = database;
    }

    /**
     * Opens a run's row. Rows of this stream that are still {@code running} belong to processes that were killed and
     * become {@code interrupted}; if such a run does live, in another process, its own end corrects that.
     */
    public void begin(String runId, String stream, @Nullable String cursor) {
        jdbc.update(
                "UPDATE keyset_sync_run SET status = ?, ended_at = ? WHERE stream = ? AND status = ?",
                RunStatus.INTERRUPTED.toString(),
                now.get(),
                stream,
                RunStatus.RUNNING.toString());
        open(runId, stream, cursor);
    }

    /** Opens the row of a run that may go on beside another one of the stream, because it leaves the cursor alone. */
    public void open(String runId, String stream, @Nullable String cursor) {
        jdbc.update(
                "INSERT INTO keyset_sync_run (run_id, stream, started_at, status, pages, records, upserted, unchanged,"
                        + " deleted, quarantined, cursor_from, cursor_to) VALUES (?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?, ?)",
                runId,
                stream,
                now.get(),
                RunStatus.RUNNING.toString(),
                cursor,
                cursor);
    }

    /** Keeps a change of a stream's cursor by hand, as a run that asked for nothing. */
    void cursorChanged(String stream, @Nullable String from, @Nullable String to) {
        jdbc.update(
                "INSERT INTO keyset_sync_run (run_id, stream, started_at, ended_at, status, pages, records, upserted,"
                        + " unchanged, deleted, quarantined, cursor_from, cursor_to)"
                        + " VALUES (?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, ?, ?)",
                UUID.randomUUID().toString(),
                stream,
                now.get(),
                now.get(),
                RunStatus.COMPLETE.toString(),
                from,
                to);
    }

    /** A run's row, as far as it tells how a stream is doing. */
    public record Last(String status, Instant startedAt, @Nullable String error) {}

    /** The stream's latest run. */
    public Optional<Last> last(String stream) {
        return jdbc
                .query(
                        "SELECT status, started_at, error FROM keyset_sync_run WHERE stream = ?"
                                + " ORDER BY started_at DESC FETCH FIRST 1 ROW ONLY",
                        (row, i) -> new Last(row.getString(1), database.get().instantAt(row, 2), row.getString(3)),
                        stream)
                .stream()
                .findFirst();
    }

    /** Keeps the counts up to date; called in each page's transaction, so that they are true after a crash too. */
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

    /** Keeps what the run has changed of its table so far. */
    public void schemaChanged(String runId, String changes) {
        jdbc.update("UPDATE keyset_sync_run SET schema_changes = ? WHERE run_id = ?", changes, runId);
    }

    /** Closes a run's row. */
    public void end(String runId, RunStatus status, @Nullable String error) {
        jdbc.update(
                "UPDATE keyset_sync_run SET status = ?, ended_at = ?, error = ? WHERE run_id = ?",
                status.toString(),
                now.get(),
                error,
                runId);
    }
}
