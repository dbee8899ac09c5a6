package io.keysetsync.store;

import io.keysetsync.table.Quarantined;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;

/** The table {@code keyset_sync_quarantine}: records that were set aside, and why. */
public final class Quarantine {

    /** U+0000, and halves of surrogate pairs, which UTF-8 can't express. */
    private static final Pattern UNSTORABLE = Pattern.compile("[\\x00\\p{Cs}]");

    private final JdbcTemplate jdbc;
    private final Supplier<Object> now;

    Quarantine(JdbcTemplate jdbc, Supplier<Object> now) {
        this.jdbc = jdbc;
        this.now = now;
    }

    /**
     * Sets records aside; part of the page's transaction. A record that is there already, as when an API gives the
     * record at the cursor again in every run, is not added once more: the id is made of stream, record and reason.
     */
    public void add(String stream, String runId, List<Quarantined> records) {
        if (records.isEmpty()) {
            return;
        }
        Map<String, Quarantined> byId = new LinkedHashMap<>();
        records.forEach(record -> byId.put(id(stream, record), record));
        byId.keySet()
                .removeAll(new NamedParameterJdbcTemplate(jdbc)
                        .queryForList(
                                "SELECT id FROM keyset_sync_quarantine WHERE id IN (:ids)",
                                Map.of("ids", List.copyOf(byId.keySet())),
                                String.class));
        Object time = now.get();
        jdbc.batchUpdate(
                "INSERT INTO keyset_sync_quarantine (id, stream, run_id, record, reason, seen_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                List.copyOf(byId.entrySet()),
                byId.size() + 1,
                (row, entry) -> {
                    row.setString(1, entry.getKey());
                    row.setString(2, stream);
                    row.setString(3, runId);
                    row.setString(4, storable(entry.getValue().record().toString()));
                    row.setString(5, storable(entry.getValue().reason()));
                    row.setObject(6, time);
                });
    }

    /** What no database keeps in text is written as JSON escapes it; as it is, it would fail the page or be replaced. */
    private static String storable(String text) {
        return UNSTORABLE.matcher(text).replaceAll(each -> "\\\\u%04x"
                .formatted((int) each.group().charAt(0)));
    }

    private static String id(String stream, Quarantined record) {
        String all = stream + '\n' + record.reason() + '\n' + record.record();
        return UUID.nameUUIDFromBytes(all.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
