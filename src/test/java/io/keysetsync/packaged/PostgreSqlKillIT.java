package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.FeedRecord;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** A process killed at any instant loses nothing on PostgreSQL, and leaves no row that no run has counted. */
class PostgreSqlKillIT extends Kills {

    @Test
    void losesNothingOnPostgreSql() throws IOException {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
                Program program = Program.in(temp)) {
            String url = postgres.getJdbcUrl("postgres", "postgres");
            Saved saved = Saved.in(url);
            survives(
                    program.with("sync.database.url", url), saved, api -> api, KILLS, () -> hasAllUpToTheCursor(saved));
            repeatsOnlyTies(saved);
        }
    }

    private void hasAllUpToTheCursor(Saved saved) {
        boolean begun =
                saved.jdbc().queryForObject("SELECT to_regclass('keyset_sync_cursor') IS NOT NULL", Boolean.class);
        String cursor = begun ? saved.cursor() : null;
        if (cursor != null) {
            assertThat(saved.uncounted())
                    .as(() -> "rows that no run counted: " + saved.runs())
                    .isZero();
            Instant reached = Instant.parse(cursor);
            assertThat(saved.rows().keySet())
                    .containsAll(feed.records().stream()
                            .filter(user -> !user.instant().orElseThrow().isAfter(reached))
                            .map(FeedRecord::id)
                            .toList());
        }
    }
}
