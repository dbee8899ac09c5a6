package io.keysetsync.packaged;

import static org.awaitility.Awaitility.await;

import io.keysetsync.scenario.CursorTime;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** What the shipped stream has saved in a database; each question opens a connection, and leaves none open. */
record Saved(JdbcTemplate jdbc) {

    private static final List<String> TEXTS = List.of("name", "email", "address", "company", "job");

    private static final String FILE = "jdbc:h2:file:";

    /** A row of {@code keyset_sync_run}. */
    record Run(String status, long pages, long records, long upserted, long unchanged, @Nullable String error) {}

    static Saved in(String url) {
        return url.startsWith(FILE) ? new Saved(new JdbcTemplate(owned(url))) : in(url, "", "");
    }

    /** With the password that the program keeps beside the file, once the program has made it. */
    private static DataSource owned(String url) {
        Path file = Path.of(url.substring(FILE.length()).replaceFirst(";.*", "") + ".password");
        return new DriverManagerDataSource(url) {
            @Override
            protected Connection getConnectionFromDriver(@Nullable String username, @Nullable String password)
                    throws SQLException {
                return super.getConnectionFromDriver("", Files.exists(file) ? read(file) : "");
            }
        };
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Saved in(String url, String username, String password) {
        return new Saved(new JdbcTemplate(new DriverManagerDataSource(url, username, password)));
    }

    /** All rows: by id, the other fields in one order. */
    Map<String, List<String>> rows() {
        Map<String, List<String>> rows = new TreeMap<>();
        jdbc.query("SELECT * FROM \"user\"", row -> {
            List<String> values = new ArrayList<>();
            for (String column : TEXTS) {
                values.add(row.getString(column));
            }
            values.add(time(row.getObject("createdAt", OffsetDateTime.class)));
            values.add(time(row.getObject("updatedAt", OffsetDateTime.class)));
            rows.put(row.getString("id"), values);
        });
        return rows;
    }

    private static String time(OffsetDateTime time) {
        return time.toInstant().toString();
    }

    /** What {@link #rows} should be after a sync of a feed of users. */
    static Map<String, List<String>> truth(Feed feed) {
        Map<String, List<String>> truth = new TreeMap<>();
        feed.truth().forEach((id, user) -> truth.put(id, values(user)));
        return truth;
    }

    private static List<String> values(FeedRecord user) {
        List<String> values = new ArrayList<>();
        TEXTS.forEach(field -> values.add(user.fields().get(field).asText()));
        values.add(CursorTime.read(user.fields().get("createdAt").asText())
                .map(Instant::toString)
                .orElseThrow());
        values.add(user.instant().map(Instant::toString).orElseThrow());
        return values;
    }

    /** Waits until so many rows are committed, in a table that may not be there yet. */
    void awaitRows(long rows) {
        await().ignoreExceptions().until(() -> count() == rows);
    }

    long count() {
        return jdbc.queryForObject("SELECT COUNT(*) FROM \"user\"", Long.class);
    }

    /** Rows that are there, but in no run's count; read at one instant, because a killed process's commit may arrive late. */
    long uncounted() {
        return jdbc.queryForObject(
                "SELECT (SELECT COUNT(*) FROM \"user\")"
                        + " - (SELECT COALESCE(SUM(upserted), 0) FROM keyset_sync_run WHERE stream = 'user')",
                Long.class);
    }

    @Nullable
    String cursor() {
        List<String> cursors =
                jdbc.queryForList("SELECT cursor_value FROM keyset_sync_cursor WHERE stream = 'user'", String.class);
        return cursors.isEmpty() ? null : cursors.get(0);
    }

    /** The runs, in the order in which they began. */
    List<Run> runs() {
        RowMapper<Run> run = (row, i) -> new Run(
                row.getString("status"),
                row.getLong("pages"),
                row.getLong("records"),
                row.getLong("upserted"),
                row.getLong("unchanged"),
                row.getString("error"));
        return jdbc.query("SELECT * FROM keyset_sync_run WHERE stream = 'user' ORDER BY started_at", run);
    }

    /** How the runs ended, in the order in which they began. */
    List<String> statuses() {
        return runs().stream().map(Run::status).toList();
    }

    /** Rows and cursor, to compare before with after. */
    Map<String, Object> state() {
        Map<String, Object> state = new LinkedHashMap<>();
        state.put("cursor", cursor());
        state.put("rows", rows());
        return state;
    }
}
