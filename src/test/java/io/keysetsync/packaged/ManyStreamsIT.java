package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Fifty streams in fifty files, in one process. */
class ManyStreamsIT {

    private static final List<String> GOOD =
            IntStream.rangeClosed(1, 48).mapToObj(i -> "good" + i).toList();

    private final Feed feed = Feed.users(20);

    @TempDir
    private Path temp;

    private Program program;
    private ScenarioApi api;
    private ScenarioApi slow;
    private ScenarioApi failing;
    private Gate gate;

    @BeforeEach
    void start() {
        gate = new Gate();
        api = plain().start();
        slow = plain().onRequest(1, gate).start();
        failing = plain().fromRequest(1, Fault.status(403)).start();
        program = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.concurrency", 2)
                .withoutUser();
        GOOD.forEach(stream -> write(stream, api));
        write("slow", slow);
        write("failing", failing);
    }

    private void write(String stream, ScenarioApi of) {
        program.stream(stream, stream, of.url(), "0 0 0 29 2 ?");
    }

    private Scenario plain() {
        return ScenarioApi.of(feed).pageSize(10);
    }

    @AfterEach
    void stop() {
        gate.open();
        program.close();
        slow.close();
        failing.close();
        api.close();
    }

    @Test
    void aSlowAndAFailingOneDelayNoOther() {
        Running running = program.start("run");
        running.awaitStderr("good1: complete");
        await().atMost(Duration.ofSeconds(60))
                .until(() ->
                        statuses().values().stream().filter("complete"::equals).count() == GOOD.size());

        assertThat(statuses()).containsEntry("slow", "running").containsEntry("failing", "failed");
        gate.open();
        running.awaitStderr("slow: complete");
        assertThat(statuses()).containsEntry("slow", "complete").hasSize(50);
        for (String stream : List.of("good1", "good48", "slow")) {
            assertThat(saved().jdbc().queryForObject("SELECT COUNT(*) FROM \"" + stream + "\"", Long.class))
                    .as(stream)
                    .isEqualTo(20);
        }
        assertThat(saved().jdbc().queryForObject("SELECT COUNT(*) FROM keyset_sync_cursor", Long.class))
                .isEqualTo(49);
    }

    private Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        saved().jdbc().query("SELECT stream, status FROM keyset_sync_run", row -> {
            statuses.put(row.getString(1), row.getString(2));
        });
        return statuses;
    }

    private Saved saved() {
        return Saved.in("jdbc:h2:file:" + program.folder().resolve("data/keyset-sync") + ";AUTO_SERVER=TRUE");
    }
}
