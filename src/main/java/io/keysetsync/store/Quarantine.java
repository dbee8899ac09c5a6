package io.keysetsync.store;

import io.keysetsync.table.Quarantined;
import java.sql.Timestamp;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.jdbc.core.JdbcTemplate;

/** The table {@code keyset_sync_quarantine}: records that were set aside, and why. */
public final class Quarantine {

    private final JdbcTemplate jdbc;
    private final Clock clock;

    Quarantine(JdbcTemplate jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /** Sets records aside; part of the page's transaction. */
    public void add(String stream, String runId, List<Quarantined> records) {
        if (records.isEmpty()) {
            return;
        }
        Timestamp now = Timestamp.from(clock.instant());
        jdbc.batchUpdate(
                "INSERT INTO keyset_sync_quarantine (id, stream, run_id, record, reason, seen_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                records,
                records.size(),
                (row, record) -> {
                    row.setString(1, UUID.randomUUID().toString());
                    row.setString(2, stream);
                    row.setString(3, runId);
                    row.setString(4, record.record().toString());
                    row.setString(5, record.reason());
                    row.setTimestamp(6, now);
                });
    }
}
