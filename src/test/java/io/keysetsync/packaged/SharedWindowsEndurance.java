package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.dao.DataAccessException;

/** Two processes read the windows of one stream's first sync, and one of them is killed. */
class SharedWindowsEndurance {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RECORDS = 50;

    private final Feed feed = Feed.of();
    private final Gate gate = new Gate();
    private final TestDatabase database = TestDatabase.postgreSql();
    private final List<Program> programs = new ArrayList<>();
    private ScenarioApi api;

    @TempDir
    private Path temp;

    @BeforeEach
    void start() {
        for (int i = 0; i < RECORDS; i++) {
            feed.add(FeedRecord.user("u" + i, "%d-%02d-15T00:00:00Z".formatted(2014 + i / 5, 1 + i % 5)));
        }
        api = ScenarioApi.of(feed).pageSize(2).when(request -> true, gate).start();
    }

    @AfterEach
    void stop() {
        programs.forEach(Program::close);
        api.close();
    }

    private Running node(String name) {
        Program program = Program.in(temp.resolve(name))
                .with("sync.cluster", true)
                .with("sync.demo-api", false)
                .with("sync.console", false)
                .with("sync.database.url", database.url())
                .with("sync.database.username", database.username())
                .with("sync.database.password", database.password())
                .with("sync.user.url", api.url())
                .with("sync.user.schedule", "0 0 0 1 1 ? 2099")
                .parameter("query", "until={until}")
                .parameter("initialCursor", "2014-01-01T00:00:00Z")
                .parameter("step", "P1Y")
                .parameter("parallelWindows", "3");
        programs.add(program);
        return program.start("run");
    }

    @Test
    void theWindowsOfAKilledNodeAreReadByTheOneThatBeganTheRun() {
        Running owner = node("owner");
        gate.awaitArrival();
        Running other = node("other");
        awaitBothAtWork();

        other.signal("KILL");
        gate.open();

        awaitAllIsThere(owner);
        assertThat(database.runs("user")).extracting(run -> run.get("status")).containsExactly("complete");
    }

    @Test
    void aRunWhoseNodeIsKilledBeginsAgainOnTheOther() {
        Running owner = node("owner");
        gate.awaitArrival();
        Running other = node("other");
        awaitBothAtWork();

        owner.signal("KILL");
        gate.open();

        awaitAllIsThere(other);
        assertThat(database.runs("user"))
                .extracting(run -> run.get("status"))
                .containsExactly("interrupted", "complete");
    }

    private void awaitBothAtWork() {
        await("windows on both nodes")
                .atMost(PATIENCE)
                .until(
                        () -> {
                            try {
                                return database.jdbc()
                                        .queryForList(
                                                "SELECT DISTINCT node FROM keyset_sync_window WHERE status = 'running'",
                                                String.class);
                            } catch (DataAccessException e) {
                                return List.of(); // no table yet
                            }
                        },
                        nodes -> nodes.size() == 2);
    }

    private void awaitAllIsThere(Running living) {
        await("a complete run").atMost(PATIENCE).until(() -> database.runs("user").stream()
                .anyMatch(run -> "complete".equals(run.get("status"))));
        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"user\" ORDER BY 1", String.class))
                .as(living.stderr())
                .isEqualTo(feed.truth().keySet().stream().sorted().toList());
        assertThat(database.cursor("user"))
                .isGreaterThanOrEqualTo(feed.greatestCursor().orElseThrow());
        assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM keyset_sync_window", Integer.class))
                .isZero();
        assertThat(living.stderr()).doesNotContain("\tat ");
    }
}
