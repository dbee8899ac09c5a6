package io.keysetsync.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.bench.Contender.Session;
import io.keysetsync.bench.Contender.Timing;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
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

    private static final String DATABASE = System.getProperty("bench.database", "");

    private final List<Contender> contenders;
    private final Map<String, List<Round>> rounds = new LinkedHashMap<>();

    /** A contender's round: everything new, then everything once more. */
    private record Round(Timing sync, Timing again) {}

    private Benchmark(List<Contender> contenders) {
        this.contenders = contenders;
    }

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        List<User> users = new Users().list(RECORDS);
        int pages = (RECORDS + PAGE_SIZE - 1) / PAGE_SIZE;
        List<byte[]> bodies = IntStream.range(0, pages)
                .mapToObj(i -> PagedApi.render(
                        users.subList(i * PAGE_SIZE, Math.min((i + 1) * PAGE_SIZE, RECORDS)),
                        i + 1 < pages ? i + 1 : null))
                .toList();
        System.out.printf(
                "%,d records in %,d pages of %,d bytes; Java %s, %d processors%n",
                RECORDS,
                pages,
                bodies.get(0).length,
                Runtime.version(),
                Runtime.getRuntime().availableProcessors());
        try (PagedApi api = PagedApi.serving(bodies::get)) {
            List<Contender> contenders = List.of(
                    new Product(api.url(), state -> {}),
                    new PlainJdbc(users, PAGE_SIZE, PlainJdbc.Way.BATCH),
                    new PlainJdbc(users, PAGE_SIZE, PlainJdbc.Way.ARRAYS));
            for (TestDatabase database : TestDatabase.all()) {
                try (database) {
                    if (database.name().contains(DATABASE)) {
                        new Benchmark(contenders.stream()
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
                        "  %-9s %-20s %,8.0f rows/s; again, unchanged: %,8.0f; first row after %,4d ms%n",
                        i < 0 ? "warm-up" : "round " + (i + 1),
                        contender.name(),
                        rate(round.sync()),
                        rate(round.again()),
                        round.sync().firstCommit() / 1_000_000);
                if (i >= 0) {
                    rounds.computeIfAbsent(contender.name(), name -> new ArrayList<>())
                            .add(round);
                }
            }
        }
        summary();
    }

    private static Round round(Contender contender, TestDatabase database) throws Exception {
        try (HikariDataSource pool = database.create();
                Session session = contender.open(pool)) {
            Round round = new Round(session.sync(), session.sync());
            Long rows = new JdbcTemplate(pool).queryForObject("SELECT count(*) FROM \"user\"", Long.class);
            if (rows == null || rows != RECORDS) {
                throw new IllegalStateException(contender.name() + " left " + rows + " rows");
            }
            return round;
        }
    }

    private void summary() {
        Map<String, Double> fresh = new LinkedHashMap<>();
        Map<String, Double> again = new LinkedHashMap<>();
        rounds.forEach((name, measured) -> {
            fresh.put(name, median(measured.stream().map(Round::sync).toList()));
            again.put(name, median(measured.stream().map(Round::again).toList()));
            System.out.printf(
                    "  median    %-20s %,8.0f rows/s; again, unchanged: %,8.0f%n",
                    name, fresh.get(name), again.get(name));
        });
        System.out.printf(
                "  ratio to the faster plain JDBC: %.2f; again, unchanged: %.2f%n", ratio(fresh), ratio(again));
    }

    private double ratio(Map<String, Double> medians) {
        double baseline = contenders.stream()
                .filter(PlainJdbc.class::isInstance)
                .map(c -> medians.getOrDefault(c.name(), Double.NaN))
                .max(Comparator.naturalOrder())
                .orElse(Double.NaN);
        return contenders.stream()
                .filter(Product.class::isInstance)
                .mapToDouble(c -> medians.getOrDefault(c.name(), Double.NaN) / baseline)
                .findFirst()
                .orElse(Double.NaN);
    }

    private static double median(List<Timing> timings) {
        List<Double> rates = timings.stream().map(Benchmark::rate).sorted().toList();
        return rates.get(rates.size() / 2);
    }

    private static double rate(Timing timing) {
        return RECORDS * 1e9 / timing.total();
    }
}
