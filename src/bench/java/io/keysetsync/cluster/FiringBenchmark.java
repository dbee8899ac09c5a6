package io.keysetsync.cluster;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.bench.Numbers;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.database.fault.DatabaseTimeout;
import io.keysetsync.pool.StandaloneDatabase;
import io.keysetsync.sync.TestDatabase;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.quartz.CronScheduleBuilder;
import org.quartz.DisallowConcurrentExecution;
import org.quartz.Job;
import org.quartz.JobBuilder;
import org.quartz.JobDetail;
import org.quartz.JobExecutionContext;
import org.quartz.JobExecutionException;
import org.quartz.PersistJobDataAfterExecution;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.Trigger;
import org.quartz.TriggerBuilder;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * How many firings a second a cluster's job store gives away at most: schedulers as nodes have them, of streams that are due
 * all the time and do nothing. Where the time goes is looked at from a connection beside them, which counts who waits for a
 * lock.
 */
public final class FiringBenchmark {

    private static final int[] STREAMS = Numbers.of("bench.streams", "100,1000,10000");
    private static final int[] NODES = Numbers.of("bench.nodes", "1,2,3");
    private static final int SECONDS = Integer.getInteger("bench.seconds", 15);
    private static final int WARM_UP_SECONDS = 5;
    private static final int THREADS = 10;
    private static final String GROUP = "keyset-sync";

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** A run that is over at once. */
    @DisallowConcurrentExecution
    @PersistJobDataAfterExecution
    public static final class NoRun implements Job {
        @Override
        public void execute(JobExecutionContext job) throws JobExecutionException {
            try {
                ((AtomicInteger) job.getScheduler().getContext().get("fired")).incrementAndGet();
            } catch (SchedulerException e) {
                throw new JobExecutionException(e);
            }
        }
    }

    private FiringBenchmark() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        System.out.printf(
                "%-11s %8s %6s %10s %22s %12s %14s %14s%n",
                "", "streams", "nodes", "firings/s", "shares", "wait in all", "ms CPU/firing", "commits/firing");
        for (int streams : STREAMS) {
            for (int nodes : NODES) {
                measure("PostgreSQL", TestDatabase.postgreSql(), streams, nodes);
                measure("MariaDB", TestDatabase.mariaDb(), streams, nodes);
            }
        }
        System.exit(0);
    }

    private static void measure(String name, TestDatabase database, int streams, int nodes) throws Exception {
        List<Node> all = new ArrayList<>();
        try {
            for (int i = 0; i < nodes; i++) {
                all.add(new Node(database, "node" + i));
            }
            all.get(0).create(database, streams);
            for (Node node : all) {
                node.scheduler.start();
            }
            Thread.sleep(WARM_UP_SECONDS * 1000L);
            Waits waits = new Waits(database);
            List<Integer> before = all.stream().map(node -> node.fired.get()).toList();
            long cpu = PROCESS.getProcessCpuTime();
            long commits = waits.commits();
            long begin = System.nanoTime();
            double waiting = waits.watch(SECONDS);
            double seconds = (System.nanoTime() - begin) / 1e9;
            List<Integer> fired = IntStream.range(0, nodes)
                    .mapToObj(i -> all.get(i).fired.get() - before.get(i))
                    .toList();
            int sum = fired.stream().mapToInt(Integer::intValue).sum();
            System.out.printf(
                    "%-11s %,8d %6d %10.0f %22s %12.1f %14.2f %14.1f%n",
                    name,
                    streams,
                    nodes,
                    sum / seconds,
                    fired.stream()
                            .map(each -> String.format("%.0f %%", 100.0 * each / sum))
                            .collect(Collectors.joining(" ")),
                    waiting,
                    (PROCESS.getProcessCpuTime() - cpu) / 1e6 / sum,
                    (waits.commits() - commits) / (double) sum);
        } finally {
            for (Node node : all) {
                node.close();
            }
            database.forgetAll();
        }
    }

    private static boolean isPostgreSql(TestDatabase database) {
        return database.url().startsWith("jdbc:postgresql:");
    }

    private static final class Node implements AutoCloseable {

        private final AtomicInteger fired = new AtomicInteger();
        private final HikariDataSource pool;
        private final Scheduler scheduler;

        Node(TestDatabase database, String name) throws SchedulerException {
            pool = StandaloneDatabase.openShared(
                    database.url(),
                    database.username(),
                    database.password(),
                    Cluster.CONNECTIONS + THREADS,
                    DatabaseTimeout.NONE);
            Database kind = Databases.of(pool);
            new JobStoreTables(
                            kind,
                            Objects.requireNonNull(kind.jobStoreScript()),
                            new Tables(kind, new JdbcTemplate(pool, true)))
                    .create();
            scheduler = new NodeScheduler(name, pool, new NodeJobStore("bench", job -> true), THREADS).getScheduler();
            scheduler.getContext().put("fired", fired);
        }

        /** Makes streams that are due each second, which is all the time if they are many. */
        void create(TestDatabase database, int streams) throws SchedulerException {
            Map<JobDetail, Set<? extends Trigger>> jobs = new HashMap<>();
            for (int i = 0; i < streams; i++) {
                JobDetail job = JobBuilder.newJob(NoRun.class)
                        .withIdentity("stream" + i, GROUP)
                        .requestRecovery()
                        .build();
                jobs.put(
                        job,
                        Set.of(TriggerBuilder.newTrigger()
                                .withIdentity("stream" + i, GROUP)
                                .withSchedule(CronScheduleBuilder.cronSchedule("* * * * * ?"))
                                .build()));
            }
            scheduler.scheduleJobs(jobs, false);
            JdbcTemplate jdbc = new JdbcTemplate(pool);
            jdbc.update("UPDATE QRTZ_TRIGGERS SET NEXT_FIRE_TIME = ?", System.currentTimeMillis()); // that took a time
            for (String table : List.of("QRTZ_TRIGGERS", "QRTZ_CRON_TRIGGERS", "QRTZ_JOB_DETAILS")) {
                jdbc.execute(
                        (isPostgreSql(database) ? "ANALYZE " : "ANALYZE TABLE ") + table); // a server does so in time
            }
        }

        @Override
        public void close() throws SchedulerException {
            scheduler.shutdown(true);
            pool.close();
        }
    }

    /** What a database says of those that wait for a lock. */
    private static final class Waits {

        private final JdbcTemplate jdbc;
        private final boolean isPostgreSql;

        Waits(TestDatabase database) {
            jdbc = database.jdbc();
            isPostgreSql = isPostgreSql(database);
        }

        long commits() {
            return Objects.requireNonNull(jdbc.queryForObject(
                    isPostgreSql
                            ? "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()"
                            : "SELECT VARIABLE_VALUE FROM information_schema.GLOBAL_STATUS"
                                    + " WHERE VARIABLE_NAME = 'COM_COMMIT'",
                    Long.class));
        }

        /** How many wait on average. */
        double watch(int seconds) throws InterruptedException {
            long end = System.nanoTime() + seconds * 1_000_000_000L;
            long waiting = 0;
            int looks = 0;
            while (System.nanoTime() < end) {
                waiting += Objects.requireNonNull(jdbc.queryForObject(
                        isPostgreSql
                                ? "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
                                        + " AND wait_event_type = 'Lock'"
                                : "SELECT COUNT(*) FROM information_schema.INNODB_TRX WHERE trx_state = 'LOCK WAIT'",
                        Long.class));
                looks++;
                Thread.sleep(50);
            }
            return (double) waiting / looks;
        }
    }
}
