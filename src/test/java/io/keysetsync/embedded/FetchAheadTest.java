package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.RunEvent;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Gate;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.support.EventNotifierSupport;
import org.apache.camel.support.SynchronizationAdapter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

/** The next page is fetched while one is saved, and nothing that is promised of pages, errors and stops changes by it. */
class FetchAheadTest {

    private static final String PAGE_1 = "2024-01-01T00:08:00Z";
    private static final String PAGE_2 = "2024-01-01T00:18:00Z";

    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private final Gate gate = new Gate();
    private final CountDownLatch goOn = new CountDownLatch(1);
    private final AtomicInteger pages = new AtomicInteger();
    private ScenarioApi api = scenario().start();

    private static Scenario scenario() {
        return ScenarioApi.of(Feed.users(25)).pageSize(10);
    }

    @AfterEach
    void close() throws Exception {
        goOn.countDown();
        gate.open();
        context.close();
        api.close();
    }

    @Test
    void nextPageIsFetchedWhileOneIsSavedAndNoFurtherOne() throws Exception {
        List<Integer> asked = new ArrayList<>();
        sync(page -> {
            int number = pages.incrementAndGet();
            await().until(() -> api.requests().size() > number || number == 3);
            asked.add(api.requests().size());
        });

        assertThat(asked).containsExactly(2, 3, 3);
        assertThat(ids()).isEqualTo(25);
        assertThat(run()).containsEntry("STATUS", "complete").containsEntry("PAGES", 3L);
    }

    @Test
    void failedSaveBreaksOffTheFetch() throws Exception {
        api.change(scenario -> scenario.onRequest(2, gate));
        sync(page -> {
            gate.awaitArrival();
            throw new IllegalStateException("the disk is full");
        });

        // the API has not answered yet
        assertThat(run()).containsEntry("STATUS", "failed").containsEntry("PAGES", 0L);
        assertThat(run().get("ERROR")).asString().contains("the disk is full");
        assertThat(database.cursor("user")).isNull();
    }

    @Test
    void failedSaveBreaksOffTheWaitForAnotherAttempt() throws Exception {
        api.change(scenario -> scenario.onRequest(2, Fault.status(429, "Retry-After", "50")));
        CountDownLatch waiting = new CountDownLatch(1);
        listen(event -> {
            if (event.kind() == RunEvent.Kind.WAITING) {
                waiting.countDown();
            }
        });
        long begin = System.nanoTime();
        sync(page -> {
            waiting.await();
            throw new IllegalStateException("the disk is full");
        });

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begin)).isLessThan(50);
        assertThat(run()).containsEntry("STATUS", "failed");
        assertThat(run().get("ERROR")).asString().contains("the disk is full");
        assertThat(api.requests()).hasSize(2);
    }

    @Test
    void failedFetchLetsThePageBeSaved() throws Exception {
        api.change(scenario -> scenario.fromRequest(2, Fault.status(403)));
        sync(page -> await().until(() -> api.requests().size() == 2));

        assertThat(run()).containsEntry("STATUS", "failed").containsEntry("PAGES", 1L);
        assertThat(run().get("ERROR")).asString().contains("403");
        assertThat(database.cursor("user")).isEqualTo(PAGE_1);
        assertThat(ids()).isEqualTo(10);
    }

    @Test
    void ifBothFailTheRunEndsWithTheErrorOfTheSave() throws Exception {
        api.change(scenario -> scenario.fromRequest(2, Fault.status(403)));
        sync(page -> {
            await().until(() -> api.requests().size() == 2);
            throw new IllegalStateException("the disk is full");
        });

        assertThat(run().get("ERROR")).asString().contains("the disk is full");
        assertThat(database.cursor("user")).isNull();
    }

    @Test
    void refusedTokenStartsOverWhenThePageBeforeItIsSaved() throws Exception {
        List<String> stored = new CopyOnWriteArrayList<>();
        api.change(scenario -> scenario.onRequest(3, Fault.status(410))
                .onRequest(4, unused -> stored.add(String.valueOf(database.cursor("user")))));
        sync(page -> await().until(
                        () -> pages.incrementAndGet() != 2 || api.requests().size() == 3));

        assertThat(stored).containsExactly(PAGE_2);
        assertThat(api.requests().get(3).parameter("updated_since")).isEqualTo(PAGE_2);
        assertThat(ids()).isEqualTo(25);
        assertThat(run()).containsEntry("STATUS", "complete");
    }

    @Test
    void pageIsNoPartAndWhatItOpensIsClosedWithIt() throws Exception {
        List<String> life = new CopyOnWriteArrayList<>();
        sync(page -> {
            assertThat(page.getProperty(ExchangePropertyKey.MULTICAST_INDEX)).isNull();
            life.add("page " + pages.incrementAndGet() + " after " + database.cursor("user"));
            page.getExchangeExtension().addOnCompletion(new SynchronizationAdapter() {
                @Override
                public void onComplete(Exchange done) {
                    life.add("closed after " + database.cursor("user"));
                }
            });
        });

        assertThat(life)
                .containsExactly(
                        "page 1 after null",
                        "closed after " + PAGE_1,
                        "page 2 after " + PAGE_1,
                        "closed after " + PAGE_2,
                        "page 3 after " + PAGE_2,
                        "closed after 2024-01-01T00:24:00Z");
    }

    @Test
    void eventsOfOneRunComeOneAtATime() throws Exception {
        api.change(scenario -> scenario.onRequest(2, Fault.status(503, "Retry-After", "0"))
                .onRequest(4, Fault.status(503, "Retry-After", "0")));
        AtomicInteger inside = new AtomicInteger();
        List<Integer> atATime = new CopyOnWriteArrayList<>();
        List<RunEvent.Kind> kinds = new CopyOnWriteArrayList<>();
        listen(event -> {
            atATime.add(inside.incrementAndGet());
            kinds.add(event.kind());
            inside.decrementAndGet();
        });
        sync(page -> {});

        assertThat(atATime).containsOnly(1);
        assertThat(kinds)
                .startsWith(RunEvent.Kind.BEGUN)
                .endsWith(RunEvent.Kind.ENDED)
                .filteredOn(RunEvent.Kind.PAGE_COMMITTED::equals)
                .hasSize(3);
        assertThat(kinds).filteredOn(RunEvent.Kind.WAITING::equals).hasSize(2);
    }

    @Test
    void branchesOfAllStreamsShareThreadsOnWhichNoNameStays() throws Exception {
        List<String> streams =
                IntStream.range(0, 20).mapToObj(i -> "stream" + i).toList();
        start(page -> {}, streams.toArray(String[]::new));
        for (String stream : streams) {
            ShippedRoutes.sync(context, stream);
        }

        ExecutorService threads = context.getRegistry().findSingleByType(ExecutorService.class);
        Map<Thread, String> names = new ConcurrentHashMap<>();
        for (int i = 0; i < 20; i++) {
            threads.submit(() -> names.put(Thread.currentThread(), String.valueOf(MDC.get("stream"))))
                    .get();
        }
        assertThat(names.values()).containsOnly("null");
        assertThat(Thread.getAllStackTraces().keySet())
                .filteredOn(thread -> thread.getName().contains("keyset-sync-branches"))
                .hasSizeLessThan(20);
        assertThat(database.jdbc().queryForList("SELECT DISTINCT status FROM keyset_sync_run", String.class))
                .containsExactly("complete");
    }

    @Test
    void streamWhoseApiIsSlowHoldsUpNoOther() throws Exception {
        start(page -> {}, IntStream.range(0, 11).mapToObj(i -> "stream" + i).toArray(String[]::new));
        api.change(scenario -> scenario.when(request -> request.number() <= 10, gate));
        List<CompletableFuture<Void>> slow = IntStream.range(0, 10)
                .mapToObj(i -> CompletableFuture.runAsync(() -> sync("stream" + i), FetchAheadTest::inAThread))
                .toList();
        await().until(() -> api.requests().size() == 10);

        sync("stream10");

        assertThat(database.runs("stream10").get(0)).containsEntry("STATUS", "complete");
        assertThat(slow).noneMatch(CompletableFuture::isDone);
        gate.open();
        slow.forEach(CompletableFuture::join);
        assertThat(database.jdbc().queryForList("SELECT DISTINCT status FROM keyset_sync_run", String.class))
                .containsExactly("complete");
    }

    @Test
    void errorThatNoStepOfCamelCatchesEndsTheRun() throws Exception {
        sync(page -> {
            if (pages.incrementAndGet() == 2) {
                throw new StackOverflowError("too deep");
            }
        });

        assertThat(run()).containsEntry("STATUS", "failed").containsEntry("PAGES", 1L);
        assertThat(run().get("ERROR")).asString().contains("too deep");
        assertThat(Thread.currentThread().isInterrupted()).isFalse();
        assertThat(context.getInflightRepository().size()).isZero();
        assertThat(database.cursor("user")).isEqualTo(PAGE_1);
        sync("user");
        assertThat(database.runs("user").get(1)).containsEntry("STATUS", "complete");
        assertThat(ids()).isEqualTo(25);
    }

    @Test
    void forcedStopLetsThePageThatIsBeingSavedEndBeforeTheRun() throws Exception {
        List<RunEvent> ended = new CopyOnWriteArrayList<>();
        listen(event -> {
            if (event.kind() == RunEvent.Kind.ENDED) {
                ended.add(event);
            }
        });
        CountDownLatch saving = new CountDownLatch(1);
        start(
                page -> {
                    saving.countDown();
                    uninterruptibly(goOn);
                },
                "user");
        context.getShutdownStrategy().setTimeUnit(TimeUnit.MILLISECONDS);
        context.getShutdownStrategy().setTimeout(1);
        context.getShutdownStrategy().setLogInflightExchangesOnTimeout(false);
        CompletableFuture<Void> run = CompletableFuture.runAsync(() -> sync("user"), FetchAheadTest::inAThread);
        saving.await();
        CompletableFuture<Void> stop = CompletableFuture.runAsync(context::stop, FetchAheadTest::inAThread);
        await().until(() -> context.isStopped() || context.getStatus().isStopping());

        assertThat(ended).isEmpty();
        goOn.countDown();
        run.join();
        stop.join();

        assertThat(ended).hasSize(1);
        assertThat(run()).containsEntry("STATUS", "interrupted");
        boolean saved = database.cursor("user") != null;
        assertThat(run().get("PAGES")).isEqualTo(saved ? 1L : 0L);
        assertThat(ended.get(0).state().total().pages()).isEqualTo(saved ? 1 : 0);
    }

    private static void inAThread(Runnable work) {
        new Thread(work).start();
    }

    private static void uninterruptibly(CountDownLatch latch) {
        boolean done = false;
        while (!done) {
            try {
                latch.await();
                done = true;
            } catch (InterruptedException e) {
                // the step takes no notice
            }
        }
    }

    private void listen(java.util.function.Consumer<RunEvent> listener) {
        context.getManagementStrategy().addEventNotifier(new EventNotifierSupport() {
            @Override
            public void notify(CamelEvent event) {
                if (event instanceof RunEvent run) {
                    listener.accept(run);
                }
            }
        });
    }

    private void sync(Processor step) throws Exception {
        start(step, "user");
        sync("user");
    }

    private void sync(String stream) {
        try {
            ShippedRoutes.sync(context, stream);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void start(Processor step, String... streams) throws Exception {
        context.getRegistry().bind("dataSource", database.dataSource());
        RunsByHand.in(context);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                for (String stream : streams) {
                    from("kamelet:keyset-sync-source?stream=" + stream + "&url=" + api.url())
                            .process(step)
                            .to("kamelet:jdbc-upsert-sink?stream=" + stream + "&schema=file:routes/user.schema.json");
                }
            }
        });
        context.start();
    }

    private Map<String, Object> run() {
        return database.runs("user").get(0);
    }

    private int ids() {
        return database.jdbc().queryForList("SELECT \"id\" FROM \"user\"").size();
    }
}
