package io.keysetsync.store;

import io.keysetsync.RunStatus;
import io.keysetsync.database.Database;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;

/** How the runs of a stream have ended, by their rows: those that asked the API, and no retries or changes by hand. */
public final class PastRuns {

    private static final String ENDED_RUNS = " FROM keyset_sync_run WHERE stream = ? AND " + RunLog.SYNC_RUN
            + " AND status <> '" + RunStatus.RUNNING + "' AND (status <> '" + RunStatus.COMPLETE + "' OR "
            + RunLog.COMPLETE_RUN + ")";

    private static final String NEWEST = " ORDER BY started_at DESC FETCH FIRST 1 ROW ONLY";

    private final JdbcTemplate jdbc;
    private final Supplier<Database> database;

    PastRuns(JdbcTemplate jdbc, Supplier<Database> database) {
        this.jdbc = jdbc;
        this.database = database;
    }

    /** The id of a stream's newest run that has ended; empty if there is none. */
    public Optional<String> newest(String stream) {
        return first("SELECT run_id" + ENDED_RUNS + NEWEST, (row, i) -> row.getString(1), stream);
    }

    /**
     * How a stream is doing.
     *
     * @param status of the newest run that has ended; null if there is none
     * @param failures the number of failed runs since the newest complete one
     * @param lastComplete the end of the newest complete run; null if there is none
     */
    public record Past(@Nullable String status, long failures, @Nullable Instant lastComplete) {

        /** The past of a stream that has had no run. */
        public static final Past NONE = new Past(null, 0, null);
    }

    /** When a complete run began and ended. */
    private record Complete(Instant began, Instant ended) {}

    /** How a stream is doing as of the newest run that has ended. */
    public Past of(String stream) {
        String status = first("SELECT status" + ENDED_RUNS + NEWEST, (row, i) -> row.getString(1), stream)
                .orElse(null);
        Optional<Complete> complete = first(
                "SELECT started_at, ended_at" + ENDED_RUNS + " AND " + RunLog.COMPLETE_RUN + NEWEST,
                (row, i) -> new Complete(
                        database.get().instantAt(row, 1), database.get().instantAt(row, 2)),
                stream);
        String failed = "SELECT COUNT(*)" + ENDED_RUNS + " AND status = '" + RunStatus.FAILED + "'";
        Long failures = complete.isPresent()
                ? jdbc.queryForObject(
                        failed + " AND started_at > ?",
                        Long.class,
                        stream,
                        database.get().parameterOf(complete.get().began()))
                : jdbc.queryForObject(failed, Long.class, stream);
        return new Past(
                status,
                failures == null ? 0 : failures,
                complete.map(Complete::ended).orElse(null));
    }

    private <T> Optional<T> first(String query, RowMapper<T> row, String stream) {
        return jdbc.query(query, row, stream).stream().findFirst();
    }
}
