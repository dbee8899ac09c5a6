package io.keysetsync.packaged;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A fresh copy of the program for each test, over an API of its own; the schedule alone would not begin any run. */
abstract class OverAnApi {

    final Feed feed;

    @TempDir
    Path temp;

    Program program;
    ScenarioApi api;

    OverAnApi(int users) {
        feed = Feed.users(users);
    }

    Scenario scenario() {
        return ScenarioApi.of(feed);
    }

    @BeforeEach
    final void startApi() {
        api = scenario().start();
        program = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.user.url", api.url())
                .with("sync.user.schedule", "0 0 0 29 2 ?");
    }

    @AfterEach
    final void stopAll() {
        program.close();
        api.close();
    }

    /** The default database, while the program has it open. */
    final Saved beside() {
        return Saved.in("jdbc:h2:file:" + program.folder().resolve("data/keyset-sync") + ";AUTO_SERVER=TRUE");
    }
}
