package io.keysetsync.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.RunEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A long run in small pages, over few keys so that the database stays small; or, with {@code -Dbench.runs=10000}, many runs of
 * a short list. Prints the heap that is in use after a collection, again and again, which must not grow.
 */
public final class LongRun {

    private static final int RUNS = Integer.getInteger("bench.runs", 1);
    private static final long RECORDS = Long.getLong("bench.records", RUNS > 1 ? 100 : 2_000_000);
    private static final int PAGE_SIZE = Integer.getInteger("bench.page", 100);
    private static final int KEYS = Integer.getInteger("bench.keys", 5_000);
    private static final int PRINTED = 20;

    private LongRun() {}

    /** Runs it. */
    public static void main(String[] args) throws Exception {
        Users users = new Users();
        long pages = RECORDS / PAGE_SIZE;
        try (PagedApi api = PagedApi.serving(page -> page(users, page, pages));
                TestDatabase.H2File h2 = new TestDatabase.H2File();
                HikariDataSource database = h2.create();
                Contender.Session stream = new Product(
                                "keyset-sync",
                                "user",
                                "file:routes/user.schema.json",
                                api.url(),
                                RUNS > 1 ? state -> {} : state -> print(state, Math.max(1, pages / PRINTED)))
                        .open(database)) {
            long begin = System.nanoTime();
            for (int run = 1; run <= RUNS; run++) {
                stream.sync();
                if (RUNS > 1 && run % Math.max(1, RUNS / PRINTED) == 0) {
                    System.out.printf("%,9d runs%s", run, heap());
                }
            }
            long seconds = (System.nanoTime() - begin) / 1_000_000_000;
            System.out.printf("%,d runs of %,d records in %,d s%n", RUNS, RECORDS, seconds);
        }
    }

    private static synchronized byte[] page(Users users, int page, long pages) {
        List<Map<String, Object>> records = LongStream.range((long) page * PAGE_SIZE, (page + 1L) * PAGE_SIZE)
                .mapToObj(i -> users.user(i, "user-" + i % KEYS).json())
                .toList();
        return PagedApi.render(records, page + 1 < pages ? page + 1 : null);
    }

    private static void print(RunEvent.State run, long every) {
        if (run.total().pages() % every != 0) {
            return;
        }
        System.out.printf(
                "%,9d pages %,11d records %,6d s%s",
                run.total().pages(), run.total().records(), run.elapsed().toSeconds(), heap());
    }

    /** What is in use after a collection, as the end of a line. */
    private static String heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return String.format(
                ": %,7d KiB in use after a collection, of %,d%n",
                (runtime.totalMemory() - runtime.freeMemory()) / 1024, runtime.maxMemory() / 1024);
    }
}
