package io.keysetsync.bench;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.bench.Contender.Session;
import io.keysetsync.bench.Contender.Timing;
import io.keysetsync.bench.Report.Group;
import io.keysetsync.bench.Report.Sample;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Rows a second of the shipped stream, from an API in memory to the table, beside plain JDBC with the rows in memory
 * already. The contenders take turns, each round in a new database.
 */
public final class Benchmark {

    private static final int RECORDS = Integer.getInteger("bench.records", 100_000);
    private static final int[] PAGE_SIZES = Numbers.of("bench.pages", "1000");
    /** So that small pages from a slow API take minutes, not hours. */
    private static final int MOST_PAGES = Integer.getInteger("bench.mostPages", Integer.MAX_VALUE);
    /** Milliseconds that the API takes for a page; plain JDBC asks no API. */
    private static final int[] LATENCIES = Numbers.of("bench.latencies", "0");

    private static final int WARM_UPS = Integer.getInteger("bench.warmups", 1);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 5);

    /** Part of a contender's, a table's or a database's name, to measure only that. */
    private static final String ONLY = System.getProperty("bench.only", "");

    private static final String TABLE = System.getProperty("bench.table", "");

    private static final String DATABASE = System.getProperty("bench.database", "");

    private static final Path JSON = Path.of("target", "bench.json");

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    private final Dataset first;
    private final Dataset changed;
    private final AtomicReference<Dataset> current;
    private final Report report;

    private Benchmark(Dataset data, Report report) throws Exception {
        this.first = data;
        this.changed = data.changed();
        this.current = new AtomicReference<>(data);
        this.report = report;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Report report = new Report();
        for (int pageSize : PAGE_SIZES) {
            int records = (int) Math.min(RECORDS, (long) MOST_PAGES * pageSize);
            if ("user".contains(TABLE)) {
                new Benchmark(Dataset.users(records, pageSize), report).measure();
            }
            if ("wide".contains(TABLE)) {
                new Benchmark(Dataset.wide(records / 10, pageSize), report).measure();
            }
        }
        System.out.println("\nratio: to the faster of plain JDBC's BATCH and ONE_STATEMENT; medians of " + ROUNDS
                + " rounds; written to " + JSON);
        System.exit(0); // MariaDB's server, which ends with the JVM, would keep it alive
    }

    private void measure() throws Exception {
        System.out.printf(
                "%ntable '%s' of %d columns: %,d records in %,d pages of %,d bytes; Java %s, %d processors%n",
                first.stream(),
                first.schema().columns().size(),
                first.rows().size(),
                first.pages().size(),
                first.pages().get(0).length,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        List<PagedApi> apis = new ArrayList<>();
        try {
            List<Contender> contenders = contenders(apis);
            for (TestDatabase database : TestDatabase.all()) {
                try (database) {
                    if (database.name().contains(DATABASE)) {
                        measure(contenders, database);
                    }
                }
            }
        } finally {
            apis.forEach(PagedApi::close);
        }
    }

    private List<Contender> contenders(List<PagedApi> apis) throws Exception {
        List<Contender> contenders = new ArrayList<>();
        for (int latency : LATENCIES) {
            PagedApi api = PagedApi.serving(page -> current.get().pages().get(page), latency);
            apis.add(api);
            String name = "keyset-sync" + (latency == 0 ? "" : ", API " + latency + " ms");
            contenders.add(new Product(name, first.stream(), first.location(), api.url(), state -> {}));
        }
        for (Way way : Way.values()) {
            contenders.add(new PlainJdbc(current::get, way));
        }
        return contenders.stream()
                .filter(contender -> contender.name().contains(ONLY))
                .toList();
    }

    private void measure(List<Contender> contenders, TestDatabase database) throws Exception {
        for (int i = -WARM_UPS; i < ROUNDS; i++) {
            for (Contender contender : contenders) {
                if (contender.worksOn(database.name())) {
                    System.out.printf(
                            "  %s, %s, %s:", database.name(), i < 0 ? "warm-up" : "round " + (i + 1), contender.name());
                    round(contender, database, i >= 0);
                }
            }
        }
        for (Work work : Work.values()) {
            report.print(group(database, work));
        }
        report.write(JSON);
    }

    private void round(Contender contender, TestDatabase database, boolean counts) throws Exception {
        try (HikariDataSource pool = database.create();
                Session session = contender.open(pool)) {
            for (Work work : Work.values()) {
                current.set(work == Work.FIRST ? first : changed);
                long cpu = PROCESS.getProcessCpuTime();
                Timing timing = session.sync();
                Sample sample = new Sample(timing, PROCESS.getProcessCpuTime() - cpu);
                check(contender, work, pool);
                System.out.printf(" %s %,.0f rows/s", work.title(), first.rows().size() * 1e9 / timing.total());
                if (counts) {
                    report.add(group(database, work), contender, sample);
                }
            }
            System.out.println();
        }
    }

    private Group group(TestDatabase database, Work work) {
        return new Group(
                first.stream(),
                first.schema().columns().size(),
                first.rows().size(),
                first.pageSize(),
                database.name(),
                work);
    }

    /** All rows are there, with the change if there was one. */
    private void check(Contender contender, Work work, HikariDataSource pool) {
        Database database = Databases.of(pool);
        String changing = database.quote(first.changing());
        String sql = "SELECT count(*) FROM " + database.quote(first.stream())
                + (work == Work.FIRST ? "" : " WHERE " + changing + " LIKE '%" + Dataset.CHANGE + "'");
        Long rows = new JdbcTemplate(pool).queryForObject(sql, Long.class);
        if (rows == null || rows != first.rows().size()) {
            throw new IllegalStateException(contender.name() + ", " + work.title() + ": " + rows + " rows");
        }
    }
}
