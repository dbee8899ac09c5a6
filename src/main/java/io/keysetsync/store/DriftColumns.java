package io.keysetsync.store;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table {@code keyset_sync_column}: which columns belong to fields that a stream's schema lacks. */
public final class DriftColumns {

    private final JdbcTemplate jdbc;
    private final Supplier<Object> now;

    DriftColumns(JdbcTemplate jdbc, Supplier<Object> now) {
        this.jdbc = jdbc;
        this.now = now;
    }

    /** Names of a stream's columns, by field. */
    public Map<String, String> read(String stream) {
        Map<String, String> columns = new LinkedHashMap<>();
        jdbc.query(
                "SELECT field, column_name FROM keyset_sync_column WHERE stream = ? ORDER BY added_at, id",
                row -> {
                    columns.put(row.getString(1), row.getString(2));
                },
                stream);
        return columns;
    }

    /** Records a field's column, unless another runner has done so. */
    public void add(String stream, String field, String column) {
        String id = UUID.nameUUIDFromBytes((stream + '\n' + field).getBytes(StandardCharsets.UTF_8))
                .toString();
        if (jdbc.update("UPDATE keyset_sync_column SET column_name = ? WHERE id = ?", column, id) == 0) {
            jdbc.update(
                    "INSERT INTO keyset_sync_column (id, stream, field, column_name, added_at) VALUES (?, ?, ?, ?, ?)",
                    id,
                    stream,
                    field,
                    column,
                    now.get());
        }
    }
}
