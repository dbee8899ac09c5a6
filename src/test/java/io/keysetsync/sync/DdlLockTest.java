package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.table.TableName;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The lock around catalogue reads and DDL: one for all pools of a database, none for two databases. */
class DdlLockTest {

    private static final String SCHEMA =
            "{\"table\": \"t\", \"primary_key\": [\"id\"], \"columns\": {\"id\": \"STRING\", \"updatedAt\":"
                    + " \"UTC_DATETIME\"}}";

    private static final String RECORD = "{\"id\": \"1\", \"updatedAt\": \"2024-01-01T00:00:00Z\"}";

    private final TestDatabase hung = TestDatabase.h2();
    private final TestDatabase other = TestDatabase.h2();
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);

    @Test
    void databaseThatHangsHoldsUpNoStreamOfAnotherAndItsOwnCanGiveUp() throws Exception {
        try (OwnStream waiting = new OwnStream("waiting", hung, hung.dataSource(), SCHEMA);
                OwnStream going = new OwnStream("going", other, other.dataSource(), SCHEMA)) {
            waiting.sync(RECORD);
            CompletableFuture<Boolean> holder = CompletableFuture.supplyAsync(this::holdLock);
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();

            assertThat(going.sync(RECORD)).containsEntry("status", "complete");

            FutureTask<Map<String, Object>> run = new FutureTask<>(() -> waiting.sync(RECORD));
            Thread runner = new Thread(run, "runner");
            runner.start();
            await().until(() -> isInLock(runner));
            CompletableFuture<Void> stopped = CompletableFuture.runAsync(waiting::stop);
            assertThat(run.get(60, TimeUnit.SECONDS))
                    .containsEntry("status", "interrupted")
                    .containsEntry(
                            "error",
                            "interrupted while it waited for another stream to read or change the table \"t\" of h2");

            released.countDown();
            assertThat(holder.get(60, TimeUnit.SECONDS)).isTrue();
            stopped.get(60, TimeUnit.SECONDS);
        }
        try (OwnStream again = new OwnStream("waiting", hung, hung.dataSource(), SCHEMA)) {
            assertThat(again.sync(RECORD)).containsEntry("status", "complete");
        }
    }

    /** H2 can't list the indexes of a table while the table gets one. */
    @Test
    void tablesThatStreamsShareAreCreatedWhileNoOtherStreamReadsTheCatalogue() throws Exception {
        RecordedDataSource slow = new RecordedDataSource(hung.dataSource(), statement -> {
            if (statement.startsWith("CREATE INDEX")) {
                boolean unused = pause();
            }
        });
        try (OwnStream one = new OwnStream("one", hung, slow, SCHEMA);
                OwnStream other = new OwnStream("other", hung, hung.dataSource(), SCHEMA)) {
            CompletableFuture<Map<String, Object>> creates = CompletableFuture.supplyAsync(() -> sync(one));
            assertThat(held.await(60, TimeUnit.SECONDS)).isTrue();
            FutureTask<Map<String, Object>> reads = new FutureTask<>(() -> other.sync(RECORD));
            Thread reader = new Thread(reads, "reader");
            reader.start();

            await().until(() -> isInLock(reader) || reads.isDone());
            assertThat(reads.isDone()).isFalse();

            released.countDown();
            assertThat(creates.get(60, TimeUnit.SECONDS)).containsEntry("status", "complete");
            assertThat(reads.get(60, TimeUnit.SECONDS)).containsEntry("status", "complete");
        }
    }

    private static Map<String, Object> sync(OwnStream stream) {
        try {
            return stream.sync(RECORD);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As a thread of another pool does whose statement the server doesn't answer. */
    private boolean holdLock() {
        return new Tables(Databases.of(hung.dataSource()), hung.jdbc())
                .exclusively(TableName.of("another"), this::pause);
    }

    private boolean pause() {
        held.countDown();
        try {
            return released.await(60, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isInLock(Thread thread) {
        return thread.getState() == Thread.State.WAITING
                && Arrays.stream(thread.getStackTrace())
                        .anyMatch(frame -> frame.getClassName().endsWith(".DdlLocks"));
    }
}
