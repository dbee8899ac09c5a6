package io.keysetsync.packaged;

import io.keysetsync.bench.Numbers;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Runs a second of a thousand short streams, all of which are due more often than they can run, on one, two and three nodes:
 * processes of the packaged program, an API and PostgreSQL, on this machine. Each run saves the ten users that changed.
 */
public final class SharedWorkBenchmark {

    private static final int STREAMS = Integer.getInteger("bench.streams", 1_000);
    private static final int[] NODES = Numbers.of("bench.nodes", "1,2,3");
    private static final Duration WARM_UP = Duration.ofSeconds(Integer.getInteger("bench.warmup", 45));
    private static final Duration MEASURED = Duration.ofSeconds(Integer.getInteger("bench.seconds", 60));
    private static final String SCHEDULE = "0/2 * * * * ?";
    private static final int USERS = 10;
    private static final int CONCURRENCY = 4;

    private SharedWorkBenchmark() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        System.out.printf(
                "%,d streams, sync.concurrency = %d, %d processors%n%6s %8s %22s %16s %16s %10s %14s%n",
                STREAMS,
                CONCURRENCY,
                Runtime.getRuntime().availableProcessors(),
                "nodes",
                "runs/s",
                "shares",
                "nodes: ms/run",
                "database: ms/run",
                "CPU used",
                "not complete");
        for (int nodes : NODES) {
            measure(nodes);
        }
        System.exit(0);
    }

    private static void measure(int nodes) throws Exception {
        TestDatabase database = TestDatabase.postgreSql();
        Path temp = Files.createTempDirectory("keyset-sync-bench");
        List<Program> programs = new ArrayList<>();
        try (ScenarioApi api =
                ScenarioApi.of(Feed.users(USERS)).pageSize(2 * USERS).start()) {
            List<Running> running = new ArrayList<>();
            for (int i = 0; i < nodes; i++) {
                Program program = program(temp.resolve("node" + i), database, api.url());
                programs.add(program);
                running.add(program.start("run"));
            }
            awaitFirstRuns(running, database, api);
            keepChanging(api, WARM_UP);
            long before = cpu(running);
            long databaseBefore = databaseCpu();
            Instant begin = Instant.now();
            keepChanging(api, MEASURED);
            report(database, begin, cpu(running) - before, databaseCpu() - databaseBefore);
        } finally {
            programs.forEach(Program::close);
            database.forgetAll();
            delete(temp);
        }
    }

    private static Program program(Path folder, TestDatabase database, String url) {
        Program program = Program.node(folder, database)
                .environment("JAVA_OPTS", "-Xmx1g")
                .with("sync.console", false)
                .with("sync.concurrency", CONCURRENCY);
        for (int i = 0; i < STREAMS; i++) {
            program.stream("s" + i, "s" + i, url, SCHEDULE);
        }
        return program;
    }

    private static void awaitFirstRuns(List<Running> nodes, TestDatabase database, ScenarioApi api)
            throws InterruptedException {
        JdbcTemplate jdbc = database.jdbc();
        long complete = 0;
        while (complete < STREAMS
                || !nodes.stream().allMatch(node -> node.stderr().contains("cluster: "))) {
            if (!nodes.stream().allMatch(node -> node.process().isAlive())) {
                throw new IllegalStateException(nodes.toString());
            }
            keepChanging(api, Duration.ofSeconds(1));
            try {
                complete = jdbc.queryForObject(
                        "SELECT COUNT(DISTINCT stream) FROM keyset_sync_run WHERE status = 'complete'", Long.class);
            } catch (BadSqlGrammarException e) {
                complete = 0; // no run has begun
            }
        }
    }

    /** Changes all users each second, for a time. */
    private static void keepChanging(ScenarioApi api, Duration time) throws InterruptedException {
        Instant end = Instant.now().plus(time);
        while (Instant.now().isBefore(end)) {
            String now = Instant.now().toString();
            for (int i = 0; i < USERS; i++) {
                api.feed().put(FeedRecord.user(Integer.toString(i), now));
            }
            Thread.sleep(1_000);
        }
    }

    private static void report(TestDatabase database, Instant begin, long cpu, long databaseCpu) {
        double seconds = Duration.between(begin, Instant.now()).toMillis() / 1e3;
        Map<String, Long> runs = new TreeMap<>();
        database.jdbc()
                .query(
                        "SELECT node, COUNT(*) FROM keyset_sync_run WHERE status = 'complete' AND started_at >= '"
                                + begin + "' GROUP BY node",
                        row -> {
                            runs.put(row.getString(1), row.getLong(2));
                        });
        long others = database.jdbc()
                .queryForObject(
                        "SELECT COUNT(*) FROM keyset_sync_run WHERE status NOT IN ('complete', 'running')", Long.class);
        long sum = runs.values().stream().mapToLong(Long::longValue).sum();
        System.out.printf(
                "%6d %8.1f %22s %16.1f %16.1f %9.0f %% %13d%n",
                runs.size(),
                sum / seconds,
                runs.values().stream()
                        .map(each -> String.format("%.1f %%", 100.0 * each / sum))
                        .collect(Collectors.joining(" ")),
                cpu / 1e6 / sum,
                databaseCpu / 1e6 / sum,
                (cpu + databaseCpu) / 1e7 / seconds / Runtime.getRuntime().availableProcessors(),
                others);
    }

    private static long cpu(List<Running> running) {
        return running.stream()
                .mapToLong(node -> nanos(node.process().toHandle()))
                .sum();
    }

    /** Of the server's processes that live; a connection's lives as long as the pool that has it. */
    private static long databaseCpu() {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().command().orElse("").endsWith("/postgres"))
                .mapToLong(SharedWorkBenchmark::nanos)
                .sum();
    }

    private static long nanos(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos();
    }

    private static void delete(Path folder) throws Exception {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
