package io.keysetsync.store;

import io.keysetsync.RunStatus;
import io.keysetsync.table.ServerEncoding;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * The table {@code keyset_sync_window}: the windows of streams that ask for several at the same time. It has the windows
 * at hand, and those that are complete while an earlier one isn't; of those behind the stream's mark, at most the last.
 * Whoever makes, claims or passes windows first locks the run's row ({@link RunLog#lock}).
 */
public final class Windows {

    private final JdbcTemplate jdbc;
    private final RunLog runs;
    private final Supplier<ServerEncoding> encoding;
    private final Supplier<StateTables> tables;

    Windows(JdbcTemplate jdbc, RunLog runs, Supplier<ServerEncoding> encoding, Supplier<StateTables> tables) {
        this.jdbc = jdbc;
        this.runs = runs;
        this.encoding = encoding;
        this.tables = tables;
    }

    /** Locks the runs to which a stream's windows belong, until the transaction ends. */
    public void lockRuns(String stream) {
        jdbc.queryForList("SELECT DISTINCT run_id FROM keyset_sync_window WHERE stream = ?", String.class, stream)
                .forEach(runs::lock);
    }

    /** The windows of a stream, the earliest first. */
    public List<StoredWindow> of(String stream) {
        return jdbc.query(
                "SELECT id, place, window_from, window_to, status, node, claim, run_id, is_last, begin_value, reached,"
                        + " beat, error FROM keyset_sync_window WHERE stream = ? ORDER BY place",
                (row, i) -> window(row),
                stream);
    }

    private static StoredWindow window(ResultSet row) throws SQLException {
        return new StoredWindow(
                row.getString(1),
                row.getLong(2),
                Instant.parse(row.getString(3)),
                Instant.parse(row.getString(4)),
                RunStatus.valueOf(row.getString(5).toUpperCase(Locale.ROOT).replace('-', '_')),
                row.getString(6),
                row.getLong(7),
                row.getString(8),
                row.getInt(9) == 1,
                row.getString(10),
                row.getString(11),
                row.getLong(12),
                row.getString(13));
    }

    /**
     * Adds a window.
     *
     * @param version of the stream's mark
     * @param plan what the window was made by: windows of another plan mean nothing
     */
    public void add(String stream, StoredWindow window, long version, String plan) {
        jdbc.update(
                "INSERT INTO keyset_sync_window (id, stream, place, window_from, window_to, status, node, claim, run_id,"
                        + " is_last, begin_value, reached, beat, mark_version, plan)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?)",
                window.id(),
                stream,
                window.place(),
                window.from().toString(),
                window.to().toString(),
                window.status().toString(),
                window.node(),
                window.claim(),
                window.run(),
                window.isLast() ? 1 : 0,
                window.begin(),
                window.reached(),
                version,
                plan);
    }

    /** Stores that a window is claimed once more, or where it ends. */
    public void update(StoredWindow window) {
        jdbc.update(
                "UPDATE keyset_sync_window SET window_to = ?, status = ?, node = ?, claim = ?, run_id = ?, is_last = ?,"
                        + " error = ? WHERE id = ?",
                window.to().toString(),
                window.status().toString(),
                window.node(),
                window.claim(),
                window.run(),
                window.isLast() ? 1 : 0,
                window.error(),
                window.id());
    }

    /**
     * Stores how far a claimed window is.
     *
     * @return whether the claim still holds
     */
    public boolean reached(StoredWindow claimed, RunStatus status, @Nullable String reached) {
        int changed = jdbc.update(
                "UPDATE keyset_sync_window SET status = ?, reached = ? WHERE id = ? AND claim = ? AND run_id = ?",
                status.toString(),
                reached,
                claimed.id(),
                claimed.claim(),
                claimed.run());
        return changed == 1;
    }

    /**
     * Stores how the work on a claimed window ended, unless the claim is lost.
     *
     * @param error in one line
     * @return whether the claim still held
     */
    public boolean release(StoredWindow claimed, RunStatus status, String error) {
        int changed = jdbc.update(
                "UPDATE keyset_sync_window SET status = ?, error = ? WHERE id = ? AND claim = ? AND run_id = ?"
                        + " AND status = ?",
                status.toString(),
                encoding.get().storable(error),
                claimed.id(),
                claimed.claim(),
                claimed.run(),
                RunStatus.RUNNING.toString());
        return changed == 1;
    }

    /** Shows that a node lives that has windows of a run. The run's row must be locked. */
    public void beat(String stream, String node) {
        jdbc.update(
                "UPDATE keyset_sync_window SET beat = beat + 1 WHERE stream = ? AND node = ? AND status = ?",
                stream,
                node,
                RunStatus.RUNNING.toString());
    }

    /** The run under way whose windows were made by a plan; null if there is none. The table must exist. */
    public @Nullable String runUnderWay(String stream, String plan) {
        List<String> found = jdbc.queryForList(
                "SELECT DISTINCT w.run_id FROM keyset_sync_window w JOIN keyset_sync_run r ON r.run_id = w.run_id"
                        + " WHERE w.stream = ? AND w.plan = ? AND r.status = ?",
                String.class,
                stream,
                plan,
                RunStatus.RUNNING.toString());
        return found.isEmpty() ? null : found.get(0);
    }

    /** Whether the windows of a stream were made by a plan, and only they have moved the stream's mark since. */
    public boolean fit(String stream, long version, String plan) {
        Long others = jdbc.queryForObject(
                "SELECT COUNT(*) FROM keyset_sync_window WHERE stream = ? AND plan <> ?", Long.class, stream, plan);
        return Long.valueOf(0).equals(others) && isMovedBy(stream, version);
    }

    /** Whether a version of a stream's mark is the last that the stream's windows have made. */
    public boolean isMovedBy(String stream, long version) {
        Long latest = jdbc.queryForObject(
                "SELECT MAX(mark_version) FROM keyset_sync_window WHERE stream = ?", Long.class, stream);
        return latest != null && latest == version;
    }

    /** Notes that the mark has passed a window, and forgets those before it. */
    public void passed(List<StoredWindow> before, StoredWindow last, long version) {
        before.forEach(window -> delete(window.id()));
        jdbc.update("UPDATE keyset_sync_window SET mark_version = ? WHERE id = ?", version, last.id());
    }

    public void delete(String id) {
        jdbc.update("DELETE FROM keyset_sync_window WHERE id = ?", id);
    }

    /**
     * Forgets all windows of a stream, if there is a table of them. Runners that have one lose it. In a transaction that
     * also moves the mark, the windows come first, as in a page's transaction.
     */
    public void drop(String stream) {
        if (tables.get().haveWindows()) {
            lockRuns(stream);
            jdbc.update("DELETE FROM keyset_sync_window WHERE stream = ?", stream);
        }
    }
}
