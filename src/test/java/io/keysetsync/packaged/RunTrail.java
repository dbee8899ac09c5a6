package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.sync.TestDatabase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * In which order the runs of all nodes begin, commit pages and end, as the database's triggers note it in the transactions
 * themselves. The clocks of the nodes don't matter.
 */
final class RunTrail {

    private static final String COLUMNS = "run_trail (step, stream, run_id, node, pages, upserted, cursor_to, status)";
    private static final String NEW_ROW =
            " NEW.stream, NEW.run_id, NEW.node, NEW.pages, NEW.upserted, NEW.cursor_to, NEW.status)";

    private final JdbcTemplate jdbc;
    private final boolean isPostgreSql;

    private RunTrail(JdbcTemplate jdbc, boolean isPostgreSql) {
        this.jdbc = jdbc;
        this.isPostgreSql = isPostgreSql;
    }

    /** Begins to note, in a database that has the table of runs. */
    static RunTrail in(TestDatabase database) {
        JdbcTemplate jdbc = database.jdbc();
        boolean isPostgreSql = database.url().startsWith("jdbc:postgresql:");
        jdbc.execute("CREATE TABLE run_trail (id " + (isPostgreSql ? "BIGSERIAL" : "BIGINT AUTO_INCREMENT")
                + " PRIMARY KEY, at DOUBLE PRECISION DEFAULT (" + secondsOf(isPostgreSql)
                + "), step VARCHAR(10), stream VARCHAR(100), run_id VARCHAR(100), node VARCHAR(300),"
                + " pages BIGINT, upserted BIGINT, cursor_to VARCHAR(300), status VARCHAR(20))");
        jdbc.execute("CREATE INDEX run_trail_run ON run_trail (run_id)");
        if (isPostgreSql) {
            jdbc.execute("CREATE FUNCTION run_trail() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO " + COLUMNS
                    + " VALUES (TG_OP," + NEW_ROW + "; RETURN NEW; END'");
            jdbc.execute("CREATE TRIGGER run_trail AFTER INSERT OR UPDATE ON keyset_sync_run FOR EACH ROW"
                    + " EXECUTE FUNCTION run_trail()");
        } else {
            for (String step : List.of("INSERT", "UPDATE")) {
                jdbc.execute("CREATE TRIGGER run_trail_" + step + " AFTER " + step
                        + " ON keyset_sync_run FOR EACH ROW INSERT INTO " + COLUMNS + " VALUES ('" + step + "',"
                        + NEW_ROW);
            }
        }
        return new RunTrail(jdbc, isPostgreSql);
    }

    /** What has been noted until now. */
    long now() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT COALESCE(MAX(id), 0) FROM run_trail", Long.class));
    }

    /** The streams that have a complete run which began after a moment, and the seconds from then to the end of the first one. */
    Map<String, Double> completeSince(long moment, double then) {
        Map<String, Double> seconds = new HashMap<>();
        jdbc.query(
                "SELECT a.stream, MIN(b.at) FROM run_trail a JOIN run_trail b ON b.run_id = a.run_id"
                        + " WHERE a.id > ? AND a.step = 'INSERT' AND b.status = 'complete' GROUP BY a.stream",
                row -> {
                    seconds.put(row.getString(1), row.getDouble(2) - then);
                },
                moment);
        return seconds;
    }

    /** The database's clock, in seconds. */
    double seconds() {
        return Objects.requireNonNull(jdbc.queryForObject("SELECT " + secondsOf(isPostgreSql), Double.class));
    }

    private static String secondsOf(boolean isPostgreSql) {
        return isPostgreSql ? "EXTRACT(EPOCH FROM clock_timestamp())" : "UNIX_TIMESTAMP(SYSDATE(6))";
    }

    /** The streams of which a run has begun after a moment. */
    Set<String> begunSince(long moment) {
        return new HashSet<>(jdbc.queryForList(
                "SELECT DISTINCT stream FROM run_trail WHERE id > ? AND step = 'INSERT'", String.class, moment));
    }

    /** The number of runs begun after a moment, by their node. */
    Map<String, Long> sharesSince(long moment) {
        Map<String, Long> shares = new HashMap<>();
        jdbc.query(
                "SELECT node, COUNT(*) FROM run_trail WHERE id > ? AND step = 'INSERT' GROUP BY node",
                row -> {
                    shares.put(row.getString(1), row.getLong(2));
                },
                moment);
        return shares;
    }

    private record Step(String run, String node, long upserted, String cursor, String status) {}

    /**
     * Asserts that no run writes a page, or completes, after another run of the stream has written one since its own first.
     *
     * @param suspended nodes that were suspended: a run may have written all its pages before, and say so later
     */
    void assertOneRunAtATime(String stream, Set<String> suspended) {
        List<Step> steps = jdbc.query(
                "SELECT run_id, node, upserted, cursor_to, status FROM run_trail WHERE stream = ? ORDER BY id",
                (row, i) -> new Step(
                        row.getString(1), row.getString(2), row.getLong(3), row.getString(4), row.getString(5)),
                stream);
        Map<String, Step> latest = new HashMap<>();
        Set<String> overtaken = new HashSet<>();
        List<String> wrong = new ArrayList<>();
        String writing = "";
        for (Step step : steps) {
            Step before = latest.put(step.run(), step);
            if (before == null) {
                continue; // a run begins
            }
            boolean writes = step.upserted() > before.upserted() || !Objects.equals(step.cursor(), before.cursor());
            if (writes && overtaken.contains(step.run())) {
                wrong.add(step + " writes after " + latest.get(writing));
            } else if (writes && !step.run().equals(writing)) {
                overtaken.add(writing);
                writing = step.run();
            }
            boolean completes =
                    step.status().equals("complete") && !before.status().equals("complete");
            if (completes && overtaken.contains(step.run()) && !suspended.contains(step.node())) {
                wrong.add(step + " completes after a page of " + latest.get(writing));
            }
        }
        assertThat(wrong).as(stream).isEmpty();
    }

    /** The number of runs by their latest status. */
    Map<String, Long> ends() {
        Map<String, Long> ends = new HashMap<>();
        jdbc.query("SELECT status, COUNT(*) FROM keyset_sync_run GROUP BY status", row -> {
            ends.put(row.getString(1), row.getLong(2));
        });
        return ends;
    }
}
