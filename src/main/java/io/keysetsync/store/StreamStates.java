package io.keysetsync.store;

import io.keysetsync.Counts;
import io.keysetsync.database.Database;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowCallbackHandler;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** How the streams are doing, read from their cursors, runs and quarantined records. */
public final class StreamStates {

    private static final String COLUMNS = "r.run_id, r.stream, r.started_at, r.ended_at, r.status, r.pages, r.records,"
            + " r.upserted, r.unchanged, r.deleted, r.quarantined, r.cursor_from, r.cursor_to, r.error,"
            + " r.schema_changes, r.kind, r.node";

    private final JdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate named;
    private final Supplier<Database> database;

    StreamStates(JdbcTemplate jdbc, Supplier<Database> database) {
        this.jdbc = jdbc;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.database = database;
    }

    /**
     * A row of {@code keyset_sync_run}.
     *
     * @param endedAt null while the run is under way, or if its process was killed
     * @param schemaChanges one line each; null if there are none
     * @param kind as {@link RunKind} writes it
     * @param node who ran it; null for runs of a version that did not tell
     */
    public record PastRun(
            String runId,
            String stream,
            Instant startedAt,
            @Nullable Instant endedAt,
            String status,
            Counts counts,
            @Nullable String cursorFrom,
            @Nullable String cursorTo,
            @Nullable String error,
            @Nullable String schemaChanges,
            String kind,
            @Nullable String node) {}

    /**
     * What the tables tell of one stream.
     *
     * @param cursor null if there is none
     * @param last the latest run; null if there was none. Neither a retry of quarantined records nor a change of
     *     the cursor by hand counts: their status is not the stream's
     * @param lastComplete when the latest run ended that was {@code complete}; null if there was none
     * @param quarantined how many records are set aside now
     */
    public record StreamState(
            @Nullable String cursor, @Nullable PastRun last, @Nullable Instant lastComplete, long quarantined) {

        static final StreamState NONE = new StreamState(null, null, null, 0);
    }

    /**
     * The states of some streams, by a few statements for all of them. The newest run of each is found by the index on
     * stream and time, so that a long history costs nothing.
     */
    public Map<String, StreamState> of(Collection<String> streams) {
        Map<String, String> cursors = new HashMap<>();
        jdbc.query("SELECT stream, cursor_value FROM keyset_sync_cursor", row -> {
            cursors.put(row.getString(1), row.getString(2));
        });
        Map<String, PastRun> last = new HashMap<>();
        latest(" AND " + RunLog.SYNC_RUN, COLUMNS, row -> {
            PastRun run = run(row);
            last.put(run.stream(), run);
        });
        Map<String, Instant> complete = new HashMap<>();
        latest(" AND " + RunLog.COMPLETE_RUN, "r.stream, r.ended_at", row -> {
            complete.put(row.getString(1), instant(row, 2));
        });
        Map<String, Long> quarantined = new HashMap<>();
        jdbc.query("SELECT stream, COUNT(*) FROM keyset_sync_quarantine GROUP BY stream", row -> {
            quarantined.put(row.getString(1), row.getLong(2));
        });
        Map<String, StreamState> states = new HashMap<>();
        latestWithoutCursor(
                streams.stream().filter(stream -> !cursors.containsKey(stream)).toList(), last);
        for (String stream : streams) {
            states.put(
                    stream,
                    new StreamState(
                            cursors.get(stream),
                            last.get(stream),
                            complete.get(stream),
                            quarantined.getOrDefault(stream, 0L)));
        }
        return states;
    }

    /** Adds the latest runs of streams that have no cursor's row: those before their first page. */
    private void latestWithoutCursor(List<String> streams, Map<String, PastRun> last) {
        if (streams.isEmpty()) {
            return;
        }
        named.query(
                "SELECT " + COLUMNS + " FROM keyset_sync_run r WHERE r.stream IN (:streams) AND r.started_at ="
                        + " (SELECT MAX(x.started_at) FROM keyset_sync_run x WHERE x.stream = r.stream AND "
                        + RunLog.SYNC_RUN + ")",
                Map.of("streams", streams),
                row -> {
                    PastRun run = run(row);
                    last.put(run.stream(), run);
                });
    }

    /** The latest run of each stream that has a cursor's row, of those that a condition allows. */
    private void latest(String condition, String columns, RowCallbackHandler each) {
        jdbc.query(
                "SELECT " + columns + " FROM (SELECT (SELECT x.run_id FROM keyset_sync_run x WHERE x.stream = c.stream"
                        + condition + " ORDER BY x.started_at DESC FETCH FIRST 1 ROW ONLY) AS run_id"
                        + " FROM keyset_sync_cursor c) l JOIN keyset_sync_run r ON r.run_id = l.run_id",
                each);
    }

    /** The rows of a stream, the newest first, also of retries and of changes of the cursor. */
    public List<PastRun> runs(String stream, int limit) {
        return jdbc.query(
                "SELECT " + COLUMNS + " FROM keyset_sync_run r WHERE r.stream = ? ORDER BY r.started_at DESC"
                        + " FETCH FIRST " + limit + " ROWS ONLY",
                (row, i) -> run(row),
                stream);
    }

    private PastRun run(ResultSet row) throws SQLException {
        return new PastRun(
                row.getString(1),
                row.getString(2),
                database.get().instantAt(row, 3),
                instant(row, 4),
                row.getString(5),
                new Counts(
                        row.getLong(6),
                        row.getLong(7),
                        row.getLong(8),
                        row.getLong(9),
                        row.getLong(10),
                        row.getLong(11)),
                row.getString(12),
                row.getString(13),
                row.getString(14),
                row.getString(15),
                row.getString(16),
                row.getString(17));
    }

    private @Nullable Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column) == null ? null : database.get().instantAt(row, column);
    }
}
