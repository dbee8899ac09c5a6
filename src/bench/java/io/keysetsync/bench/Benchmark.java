package io.keysetsync.bench;

import com.sun.management.OperatingSystemMXBean;
import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.bench.Contender.Session;
import io.keysetsync.bench.Contender.Timing;
import io.keysetsync.database.Databases;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Rows a second of the shipped stream, from an API in memory to the table, beside plain JDBC with the rows in memory
 * already. The contenders take turns, each round in a new database.
 */
public final class Benchmark {

    private static final int RECORDS = Integer.getInteger("bench.records", 200_000);
    private static final int PAGE_SIZE = Integer.getInteger("bench.page", 1_000);
    private static final int WARM_UPS = Integer.getInteger("bench.warmups", 1);
    private static final int ROUNDS = Integer.getInteger("bench.rounds", 3);
    /** Part of a contender's or a database's name, to measure only that. */
    private static final String ONLY = System.getProperty("bench.only", "");

    private static final String TABLE = System.getProperty("bench.table", "");

    private static final String DATABASE = System.getProperty("bench.database", "");

    private final Dataset data;
    private final List<Contender> contenders;
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    private static final OperatingSystemMXBean PROCESS =
            ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /**
     * A contender's round: everything new, then everything once more.
     *
     * @param cpu of this process (H2's included, PostgreSQL's not) for {@code sync}, which other programs on the machine
     *     disturb less than the rows a second
     */
    private record Round(Timing sync, Timing again, long cpu) {}

    private Benchmark(Dataset data, List<Contender> contenders) {
        this.data = data;
        this.contenders = contenders;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        for (Dataset data : List.of(Dataset.users(RECORDS, PAGE_SIZE), Dataset.wide(RECORDS / 10, PAGE_SIZE))) {
            if (data.stream().contains(TABLE)) {
                measure(data);
            }
        }
        System.exit(0); // MariaDB's server, which ends with the JVM, would keep it alive
    }

    private static void measure(Dataset data) throws Exception {
        System.out.printf(
                "%ntable '%s' of %d columns: %,d records in %,d pages of %,d bytes; Java %s, %d processors%n",
                data.stream(),
                data.schema().columns().size(),
                data.rows().size(),
                data.pages().size(),
                data.pages().get(0).length,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        try (PagedApi api = PagedApi.serving(data.pages()::get)) {
            List<Contender> contenders = List.of(
                    new Product(data.stream(), data.location(), api.url(), state -> {}),
                    new PlainJdbc(data, PlainJdbc.Way.BATCH),
                    new PlainJdbc(data, PlainJdbc.Way.ONE_STATEMENT));
            for (TestDatabase database : TestDatabase.all()) {
                try (database) {
                    if (database.name().contains(DATABASE)) {
                        new Benchmark(
                                        data,
                                        contenders.stream()
                                                .filter(c -> c.name().contains(ONLY))
                                                .toList())
                                .run(database);
                    }
                }
            }
        }
    }

    private void run(TestDatabase database) throws Exception {
        System.out.printf("%n%s%n", database.name());
        for (int i = -WARM_UPS; i < ROUNDS; i++) {
            for (Contender contender : contenders) {
                Round round = round(contender, database);
                System.out.printf(
                        "  %-9s %-20s %,8.0f rows/s; again, unchanged: %,8.0f; first row after %,4d ms; CPU %5.1f us/row%n",
                        i < 0 ? "warm-up" : "round " + (i + 1),
                        contender.name(),
                        rate(round.sync()),
                        rate(round.again()),
                        round.sync().firstCommit() / 1_000_000,
                        round.cpu() / 1e3 / data.rows().size());
                if (i >= 0) {
                    rounds.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                            .add(round);
                }
            }
        }
        summary();
    }

    private Round round(Contender contender, TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.create();
                Session session = contender.open(pool)) {
            long cpu = PROCESS.getProcessCpuTime();
            Timing sync = session.sync();
            cpu = PROCESS.getProcessCpuTime() - cpu;
            Round round = new Round(sync, session.sync(), cpu);
            Long rows = new JdbcTemplate(pool)
                    .queryForObject("SELECT count(*) FROM " + Databases.of(pool).quote(data.stream()), Long.class);
            if (rows == null || rows != data.rows().size()) {
                throw new IllegalStateException(contender.name() + " left " + rows + " rows");
            }
            return round;
        }
    }

    private void summary() {
        rounds.forEach((name, measured) -> System.out.printf(
                "  %-30s median %,8.0f rows/s, best %,8.0f; again, unchanged: median %,8.0f, best %,8.0f%n",
                name,
                median(measured, Round::sync),
                best(measured, Round::sync),
                median(measured, Round::again),
                best(measured, Round::again)));
        System.out.printf(
                "  ratio to the faster plain JDBC, which has its rows in memory: median %.2f, best %.2f; again, unchanged: median %.2f, best %.2f%n",
                ratio(measured -> median(measured, Round::sync)),
                ratio(measured -> best(measured, Round::sync)),
                ratio(measured -> median(measured, Round::again)),
                ratio(measured -> best(measured, Round::again)));
    }

    private double ratio(ToDoubleFunction<List<Round>> figure) {
        return greatest(Product.class, figure) / greatest(PlainJdbc.class, figure);
    }

    private double greatest(Class<? extends Contender> kind, ToDoubleFunction<List<Round>> figure) {
        return contenders.stream()
                .filter(kind::isInstance)
                .mapToDouble(c -> figure.applyAsDouble(rounds.getOrDefault(c.name(), List.of())))
                .max()
                .orElse(Double.NaN);
    }

    private double median(List<Round> measured, Function<Round, Timing> part) {
        double[] rates = rates(measured, part);
        return rates.length == 0 ? Double.NaN : rates[rates.length / 2];
    }

    /** The round that other programs on the machine disturbed least. */
    private double best(List<Round> measured, Function<Round, Timing> part) {
        double[] rates = rates(measured, part);
        return rates.length == 0 ? Double.NaN : rates[rates.length - 1];
    }

    private double[] rates(List<Round> measured, Function<Round, Timing> part) {
        return measured.stream().map(part).mapToDouble(this::rate).sorted().toArray();
    }

    private double rate(Timing timing) {
        return data.rows().size() * 1e9 / timing.total();
    }
}
