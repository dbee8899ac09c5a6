package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.packaged.Saved.Run;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is killed at any instant, again and again. The moments are random; {@code -Dkill.seed=…} repeats those of
 * an earlier run as far as the machine's own pace allows; {@code -Dkills=50} kills more often.
 */
abstract class Kills {

    static final int KILLS = Integer.getInteger("kills", 10);
    static final int KILLS_OF_EACH_KIND = Math.max(3, KILLS / 4);
    private static final int USERS = 20_000;
    private static final int PAGE = 97;
    private static final int MOST_TIES = 40;
    private static final int KILLED = 128 + 9;

    final Random random = new Random(seed());
    Feed feed = usersWithTies(random, Duration.ofSeconds(1));

    @TempDir
    Path temp;

    /** Pages that the log called saved, in all processes. */
    private long saidSaved;

    /** Waits for its request, then a little, then kills. */
    private final AtomicReference<Killer> killer = new AtomicReference<>(Killer.IDLE);

    private static long seed() {
        long seed = Long.getLong("kill.seed", System.nanoTime());
        System.out.println("kills: -Dkill.seed=" + seed);
        return seed;
    }

    /** Users of whom up to {@value #MOST_TIES} share a time, so that the edges of pages cut ties. */
    static Feed usersWithTies(Random random, Duration apart) {
        Feed feed = Feed.users(0);
        Instant time = Instant.parse("2014-01-01T00:00:00Z");
        int left = 0;
        for (int id = 1; id <= USERS; id++, left--) {
            if (left == 0) {
                time = time.plus(apart);
                left = 1 + random.nextInt(MOST_TIES);
            }
            feed.add(FeedRecord.user("" + id, time.toString()));
        }
        return feed;
    }

    void survives(Program program, Saved saved, UnaryOperator<Scenario> kind, int kills, Runnable afterEachKill) {
        Scenario scenario = ScenarioApi.of(feed).pageSize(PAGE).always((Feed live) -> killer.get()
                .requested());
        try (ScenarioApi api = kind.apply(scenario).start()) {
            program.with("sync.demo-api", false).with("sync.user.url", api.url());
            long begin = System.nanoTime();
            for (int kill = 1; kill <= kills; kill++) {
                killed(program, kill);
                afterEachKill.run();
            }
            killer.set(Killer.IDLE);
            Ended ended = program.run("once");
            System.out.printf(
                    "kills: %d kills in %d s%n",
                    kills, Duration.ofNanos(System.nanoTime() - begin).toSeconds());

            assertThat(ended.code()).as(ended.stderr()).isZero();
            assertThat(ended.errors()).isEmpty();
            saidSaved += pagesIn(ended);
        }
        assertThat(saved.rows()).isEqualTo(Saved.truth(feed));
        assertThat(saved.cursor()).isGreaterThanOrEqualTo(feed.greatestCursor().orElseThrow());
        tellTheTruth(saved.runs(), kills);
    }

    void repeatsOnlyTies(Saved saved) {
        assertThat(saved.cursor()).isEqualTo(feed.greatestCursor().orElseThrow());
        NavigableMap<Instant, Long> ties = feed.records().stream()
                .collect(Collectors.groupingBy(
                        user -> user.instant().orElseThrow(), TreeMap::new, Collectors.counting()));
        saved.jdbc()
                .query("SELECT cursor_from, unchanged FROM keyset_sync_run WHERE stream = 'user'", (ResultSet run) -> {
                    String from = run.getString("cursor_from");
                    long edge = from == null
                            ? 0
                            : ties.tailMap(Instant.parse(from), true).values().stream()
                                    .limit(2)
                                    .mapToLong(Long::longValue)
                                    .sum();
                    assertThat(run.getLong("unchanged"))
                            .as("a run repeats the cursor's ties, and those of the next value, which the last page cut")
                            .isLessThanOrEqualTo(edge);
                });
    }

    /** Some are killed while they start; most at one of their first requests, or while that one's page is saved. */
    private void killed(Program program, int number) {
        int request = random.nextInt(5) == 0 ? 0 : 1 + random.nextInt(8);
        Duration then = Duration.ofMillis(random.nextInt(request == 0 ? 2_000 : 60));
        Running running = program.start("once");
        Killer next = new Killer(running.process(), request, then);
        killer.set(next);
        next.started();

        Ended ended = running.end();

        long pages = pagesIn(ended);
        saidSaved += pages;
        System.out.printf(
                "kills: kill %d, %d ms after %s: %d pages saved%n",
                number, then.toMillis(), request == 0 ? "the start" : "request " + request, pages);
        assertThat(ended.code()).as(ended.stderr()).isEqualTo(KILLED);
        assertThat(ended.errors()).isEmpty();
    }

    private static long pagesIn(Ended ended) {
        return ended.stderr().lines().filter(line -> line.contains(": page ")).count();
    }

    private void tellTheTruth(List<Run> runs, int kills) {
        assertThat(runs).last().extracting(Run::status).isEqualTo("complete");
        assertThat(runs.subList(0, runs.size() - 1)).extracting(Run::status).containsOnly("interrupted");
        assertThat(runs).allMatch(run -> run.upserted() + run.unchanged() == run.records());
        assertThat(runs.stream().mapToLong(Run::pages).sum())
                .as("what the log called saved is saved, and of each killed process one page more at most")
                .isBetween(saidSaved, saidSaved + kills);
        assertThat(runs.stream().mapToLong(Run::upserted).sum())
                .as("each user was new once")
                .isEqualTo(USERS);
    }

    /** Kills a process: some time after it has started, or after its nth request has come. */
    private static final class Killer {

        static final Killer IDLE = new Killer(null, -1, Duration.ZERO);

        private final @Nullable Process process;
        private final Duration then;
        private int remaining;

        Killer(@Nullable Process process, int request, Duration then) {
            this.process = process;
            this.remaining = request;
            this.then = then;
        }

        void started() {
            if (remaining == 0) {
                kill();
            }
        }

        /** The API calls this, one request at a time. */
        void requested() {
            if (--remaining == 0) {
                kill();
            }
        }

        private void kill() {
            CompletableFuture.delayedExecutor(then.toMillis(), TimeUnit.MILLISECONDS)
                    .execute(Objects.requireNonNull(process)::destroyForcibly);
        }
    }
}
