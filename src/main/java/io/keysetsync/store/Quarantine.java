package io.keysetsync.store;

import io.keysetsync.database.Database;
import io.keysetsync.record.Quarantined;
import io.keysetsync.table.ServerEncoding;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The table {@code keyset_sync_quarantine}: records that were set aside, and the reasons. */
public final class Quarantine {

    private final JdbcTemplate jdbc;
    private final NamedParameterJdbcTemplate named;
    private final Clock clock;
    private final Supplier<Database> database;
    private final Supplier<ServerEncoding> encoding;

    Quarantine(JdbcTemplate jdbc, Clock clock, Supplier<Database> database, Supplier<ServerEncoding> encoding) {
        this.jdbc = jdbc;
        this.named = new NamedParameterJdbcTemplate(jdbc);
        this.clock = clock;
        this.database = database;
        this.encoding = encoding;
    }

    private Entry entry(ResultSet row) throws SQLException {
        return new Entry(
                row.getString("id"),
                row.getString("stream"),
                row.getString("run_id"),
                Origin.valueOf(row.getString("set_aside_by").toUpperCase(Locale.ROOT)),
                row.getString("record"),
                row.getString("reason"),
                database.get().instantAt(row, row.findColumn("seen_at")));
    }

    /** Who set a record aside. */
    public enum Origin {
        /** The source: the record is as the API sent it, and the stream's own steps have not seen it. */
        SOURCE,
        /** The sink: the record is as the stream's own steps have left it. */
        SINK
    }

    /**
     * A record that was set aside.
     *
     * @param id made of stream, reason and record, so that the same record for the same reason is kept once
     * @param runId the run that saw the record first
     * @param record the JSON
     * @param seenAt when the record was seen first
     */
    public record Entry(
            String id, String stream, String runId, Origin origin, String record, String reason, Instant seenAt) {}

    /** Records of a run, as entries that are not in the table yet. */
    public List<Entry> entries(String stream, String runId, Origin origin, List<Quarantined> records) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        Instant now = clock.instant();
        for (Quarantined each : records) {
            String record = each.record().toString();
            String id = id(stream, each.reason(), record);
            entries.put(id, new Entry(id, stream, runId, origin, record, each.reason(), now));
        }
        return new ArrayList<>(entries.values());
    }

    private static String id(String stream, String reason, String record) {
        String all = stream + '\n' + reason + '\n' + record;
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }

    /**
     * Those of the entries that are not in the table: an API may give the record at the cursor again in every run.
     */
    public List<Entry> unknown(List<Entry> entries) {
        Set<String> known = known(null, entries.stream().map(Entry::id).toList());
        return entries.stream().filter(entry -> !known.contains(entry.id())).toList();
    }

    /**
     * Those of the ids that are in the table.
     *
     * @param stream null for all streams
     */
    public Set<String> known(@Nullable String stream, Collection<String> ids) {
        return ids.isEmpty()
                ? Set.of()
                : new HashSet<>(named.queryForList(
                        "SELECT id FROM keyset_sync_quarantine" + where(stream, ids),
                        parameters(stream, ids),
                        String.class));
    }

    /**
     * The streams of entries.
     *
     * @param stream null for all streams
     * @param ids empty for all ids
     */
    public List<String> streams(@Nullable String stream, Collection<String> ids) {
        return named.queryForList(
                "SELECT DISTINCT stream FROM keyset_sync_quarantine" + where(stream, ids),
                parameters(stream, ids),
                String.class);
    }

    /**
     * Adds entries that are {@linkplain #unknown not in the table yet}; part of the page's transaction. If another
     * transaction, such as that of a retry beside a run, adds one of them first, the others are still added.
     */
    public void add(List<Entry> entries) {
        if (entries.isEmpty()) {
            return;
        }
        Savepoint before = inConnection(Connection::setSavepoint);
        try {
            insert(entries);
        } catch (DuplicateKeyException e) {
            inConnection(connection -> {
                connection.rollback(before);
                return before;
            });
            insert(unknown(entries));
        }
    }

    private Savepoint inConnection(ConnectionCallback<Savepoint> work) {
        return Objects.requireNonNull(jdbc.execute(work));
    }

    private void insert(List<Entry> entries) {
        jdbc.batchUpdate(
                "INSERT INTO keyset_sync_quarantine (id, stream, run_id, set_aside_by, record, reason, seen_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?, ?)",
                entries,
                entries.size() + 1,
                (row, entry) -> {
                    row.setString(1, entry.id());
                    row.setString(2, entry.stream());
                    row.setString(3, entry.runId());
                    row.setString(4, entry.origin().name().toLowerCase(Locale.ROOT));
                    row.setString(5, encoding.get().storable(entry.record()));
                    row.setString(6, encoding.get().storable(entry.reason()));
                    row.setObject(7, database.get().parameterOf(entry.seenAt()));
                });
    }

    /**
     * The entries of a stream, of some ids, or of both, those seen first before the others.
     *
     * @param stream null for all streams
     * @param ids empty for all ids
     */
    public List<Entry> list(@Nullable String stream, Collection<String> ids) {
        return named.query(
                "SELECT * FROM keyset_sync_quarantine" + where(stream, ids) + " ORDER BY seen_at, stream, id",
                parameters(stream, ids),
                (row, i) -> entry(row));
    }

    /**
     * The entries that were seen last, the newest first.
     *
     * @param stream null for all streams
     */
    public List<Entry> newest(@Nullable String stream, int limit) {
        return named.query(
                "SELECT * FROM keyset_sync_quarantine" + where(stream, List.of())
                        + " ORDER BY seen_at DESC, stream, id FETCH FIRST " + limit + " ROWS ONLY",
                parameters(stream, List.of()),
                (row, i) -> entry(row));
    }

    /**
     * Removes entries.
     *
     * @param stream null for any stream
     * @param ids empty for any id
     * @return how many there were
     * @throws IllegalArgumentException if neither is given
     */
    public int drop(@Nullable String stream, Collection<String> ids) {
        if (stream == null && ids.isEmpty()) {
            throw new IllegalArgumentException("neither a stream nor an id says what to drop from the quarantine");
        }
        return named.update("DELETE FROM keyset_sync_quarantine" + where(stream, ids), parameters(stream, ids));
    }

    /** The ids of a stream's entries of one origin, those seen first before the others. */
    public List<String> ids(String stream, Collection<String> ids, Origin origin) {
        Map<String, Object> parameters = parameters(stream, ids);
        parameters.put("origin", origin.name().toLowerCase(Locale.ROOT));
        return named.queryForList(
                "SELECT id FROM keyset_sync_quarantine" + where(stream, ids) + " AND set_aside_by = :origin"
                        + " ORDER BY seen_at, id",
                parameters,
                String.class);
    }

    private static String where(@Nullable String stream, Collection<String> ids) {
        String byStream = stream == null ? "" : "stream = :stream";
        String byId = ids.isEmpty() ? "" : "id IN (:ids)";
        String and = byStream.isEmpty() || byId.isEmpty() ? "" : " AND ";
        String condition = byStream + and + byId;
        return condition.isEmpty() ? "" : " WHERE " + condition;
    }

    private static Map<String, Object> parameters(@Nullable String stream, Collection<String> ids) {
        Map<String, Object> parameters = new HashMap<>();
        if (stream != null) {
            parameters.put("stream", stream);
        }
        if (!ids.isEmpty()) {
            parameters.put("ids", ids);
        }
        return parameters;
    }
}
