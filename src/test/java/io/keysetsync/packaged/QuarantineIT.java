package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code quarantine}, as typed. */
class QuarantineIT {

    private static final String ROUTE = "routes/user.camel.yaml";

    @TempDir
    private Path temp;

    @Test
    void recordsAreShownTriedAgainAndDropped() throws Exception {
        Feed feed = Feed.users(10);
        feed.put(FeedRecord.user("x", "2024-01-01T00:20:00Z").with("createdAt", "yesterday"));
        feed.put(FeedRecord.user("y", "2024-01-01T00:21:00Z").with("createdAt", "yesterday"));
        feed.put(FeedRecord.user("z", "2024-01-01T00:22:00Z")
                .with("createdAt", "yesterday")
                .with("job", "\u009b2J"));
        try (ScenarioApi api = ScenarioApi.of(feed).start();
                Program program = Program.in(temp).with("sync.demo-api", false).with("sync.user.url", api.url())) {
            assertThat(program.run("once").code()).isZero();
            assertThat(program.saved().count()).isEqualTo(10);
            String cursor = program.saved().cursor();

            JsonNode listed = new JsonMapper()
                    .readTree(
                            program.run("quarantine", "list", "user", "--json").stdout());
            assertThat(listed).hasSize(3);
            assertThat(listed.get(0).path("reason").asText()).contains("createdAt", "yesterday");
            assertThat(listed.get(0).path("record").asText()).contains("\"id\":\"x\"");
            assertThat(program.run("quarantine", "list").stdout())
                    .contains("field createdAt", "3 records", "\\u009b2J")
                    .doesNotContain("\u009b");

            Ended dropped = program.run(
                    "quarantine", "drop", "--id", listed.get(0).path("id").asText());
            assertThat(dropped.stdout()).isEqualToIgnoringNewLines("1 record dropped");

            mend(program, listed.get(1).path("id").asText());
            Ended retried = program.run("quarantine", "retry", "user");
            assertThat(retried.stdout())
                    .isEqualToIgnoringNewLines(
                            "user: 2 tried, 1 upserted, 0 unchanged, 0 deleted, 1 stay in quarantine");
            assertThat(program.saved().rows()).hasSize(11).containsKey("y");
            assertThat(program.saved().cursor()).isEqualTo(cursor);
            assertThat(program.saved().statuses()).containsExactly("complete", "complete");
            assertThat(program.run("quarantine", "drop", "user").stdout()).contains("1 record dropped");
            assertThat(program.run("quarantine", "list").stdout()).contains("no record is in quarantine");
        }
    }

    @Test
    void recordsOfAStreamWithoutARouteAreShownAndDroppedButNotTried() throws Exception {
        Feed feed = Feed.users(10);
        feed.put(FeedRecord.user("x", "2024-01-01T00:20:00Z").with("createdAt", "yesterday"));
        try (ScenarioApi api = ScenarioApi.of(feed).start();
                Program program = Program.in(temp).with("sync.demo-api", false).with("sync.user.url", api.url())) {
            assertThat(program.run("once").code()).isZero();
            program.edit(ROUTE, yaml -> yaml.replace("stream: user\n", "stream: people\n"));
            assertThat(program.run("once").code()).isZero();

            assertThat(program.run("quarantine", "list").stdout())
                    .contains("  people  since", "  user  since", "2 records");
            assertThat(program.run("quarantine", "list", "user").stdout())
                    .contains("1 record")
                    .doesNotContain("people");
            Ended unknown = program.run("quarantine", "list", "users");
            assertThat(unknown.stderr())
                    .isEqualToIgnoringNewLines("keyset-sync: stream 'users' is unknown; known are people");
            assertThat(unknown.code()).isEqualTo(2);

            Ended retried = program.run("quarantine", "retry", "user");
            assertThat(retried.stdout())
                    .isEqualToIgnoringNewLines("user: not tried, because no route has this stream; add its route again,"
                            + " or drop its records by 'quarantine drop user'");
            assertThat(retried.code()).isEqualTo(1);
            assertThat(program.saved().statuses()).containsExactly("complete");

            assertThat(program.run("quarantine", "drop", "user").stdout()).contains("1 record dropped");
            assertThat(program.run("quarantine", "drop", "user").code())
                    .as("nothing is left of it")
                    .isEqualTo(2);
            assertThat(program.run("quarantine", "list").stdout()).contains("  people  since", "1 record");

            program.delete(ROUTE);
            assertThat(program.run("quarantine", "drop", "--all").stdout()).contains("1 record dropped");
            assertThat(program.run("quarantine", "list", "--json").stdout()).isEqualToIgnoringNewLines("[]");
        }
    }

    private static void mend(Program program, String id) {
        int mended = program.saved()
                .jdbc()
                .update(
                        "UPDATE keyset_sync_quarantine SET record ="
                                + " REPLACE(record, 'yesterday', '2024-01-01T00:00:00Z') WHERE id = ?",
                        id);
        assertThat(mended).isEqualTo(1);
    }
}
