package io.keysetsync.bench;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.RunEvent;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * A long run in small pages, over few keys so that the database stays small: prints the heap that is in use after a
 * collection, again and again. It must not grow with the run.
 */
public final class LongRun {

    private static final long RECORDS = Long.getLong("bench.records", 2_000_000);
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
                                state -> print(state, Math.max(1, pages / PRINTED)))
                        .open(database)) {
            long elapsed = stream.sync().total();
            System.out.printf("%,d records in %,d s%n", RECORDS, elapsed / 1_000_000_000);
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
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        System.out.printf(
                "%,9d pages %,11d records %,6d s: %,7d KiB in use after a collection, of %,d%n",
                run.total().pages(),
                run.total().records(),
                run.elapsed().toSeconds(),
                (runtime.totalMemory() - runtime.freeMemory()) / 1024,
                runtime.maxMemory() / 1024);
    }
}
