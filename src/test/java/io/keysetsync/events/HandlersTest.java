package io.keysetsync.events;

import static io.keysetsync.events.WatchedStream.awaitEvents;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.spi.CamelEvent;
import org.apache.camel.spi.EventNotifier;
import org.apache.camel.support.EventNotifierSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A route that handles events is felt by no run, and by no other route. */
class HandlersTest {

    private static final String LAST = "2024-01-01T00:24:00Z";

    private final WatchedStream stream;
    private final CountDownLatch released = new CountDownLatch(1);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>() {
        @Override
        protected synchronized void append(ILoggingEvent event) {
            super.append(event);
        }
    };

    HandlersTest() throws Exception {
        stream = new WatchedStream(25);
    }

    @BeforeEach
    void watchTheLog() {
        log.list = new CopyOnWriteArrayList<>();
        log.start();
        logger().addAppender(log);
    }

    @AfterEach
    void close() {
        released.countDown();
        stream.close();
        logger().detachAppender(log);
    }

    private static Logger logger() {
        return (Logger) LoggerFactory.getLogger(EventsConsumer.class);
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void oneThatFailsIsALineAndTheOthersAndTheRunDoNotNotice() throws Exception {
        stream.handler("failing", "?events=page,run", exchange -> {
            throw new IllegalStateException("the chat is down");
        });
        List<JsonNode> events = stream.handled("good", "");
        stream.start().sync();
        awaitEvents(events, 1);
        await().until(() -> lines().size() == 4);

        assertThat(lines())
                .contains(
                        "route failing: the event 'run' of stream user was not handled: the chat is down; runs and other"
                                + " routes continue");
        assertThat(log.list).allMatch(line -> line.getThrowableProxy() == null);
        assertThat(stream.lastRun()).containsEntry("STATUS", "complete");
        stream.assertSynced(25, LAST);
    }

    @Test
    void lineOfAFailureNamesNoSecretAddress() throws Exception {
        stream.handler("chat", "", exchange -> {
            throw new IllegalStateException(
                    "invoking https://hooks.example.com:8443/services/T0/B0?key=s3cret with 404");
        });
        stream.start().sync();
        await().until(() -> lines().size() == 1);

        assertThat(lines().get(0)).contains("invoking https://hooks.example.com:8443/… with 404");
    }

    @Test
    void oneThatHangsHoldsUpNoRunAndNoOtherOne() throws Exception {
        stream.handler("hanging", "", exchange -> released.await());
        List<JsonNode> events = stream.handled("good", "/another");
        stream.start();
        stream.sync();
        stream.sync();
        awaitEvents(events, 2);

        assertThat(events).allMatch(event -> event.path("status").asText().equals("complete"));
        assertThat(EventsComponent.awaitHandled(stream.context, Duration.ofMillis(50)))
                .isFalse();
        stream.assertSynced(25, LAST);
    }

    @Test
    void slowOneGetsAllEventsInTheirOrder() throws Exception {
        List<Integer> pages = new CopyOnWriteArrayList<>();
        stream.handler("slow", "?events=page", exchange -> {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            pages.add(
                    exchange.getMessage().getBody(JsonNode.class).path("pages").asInt());
        });
        stream.api.change(scenario -> scenario.pageSize(2));
        stream.start().sync();
        stream.assertSynced(25, LAST);

        List<Integer> all = IntStream.rangeClosed(1, pagesOf(25)).boxed().toList();
        await().untilAsserted(() -> assertThat(pages).containsExactlyElementsOf(all));
    }

    private static int pagesOf(int users) {
        return (users + 1) / 2;
    }

    @Test
    void fullQueueLosesTheOldestEventsAndSaysSoOnce() throws Exception {
        try (WatchedStream many = new WatchedStream(
                TestDatabase.h2(), ScenarioApi.of(Feed.users(1100)).pageSize(1))) {
            CountDownLatch busy = new CountDownLatch(1);
            List<Integer> pages = new CopyOnWriteArrayList<>();
            many.handler("hanging", "?events=page", exchange -> {
                busy.countDown();
                released.await();
                pages.add(exchange.getMessage()
                        .getBody(JsonNode.class)
                        .path("pages")
                        .asInt());
            });
            many.start().sync();

            many.assertSynced(1100, "2024-01-01T18:19:00Z");
            assertThat(busy.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(lines())
                    .containsExactly(
                            "route hanging: 1000 events wait, which is the most; the oldest go, until the route"
                                    + " has handled the others");
            released.countDown();
            await().until(() -> pages.size() == 1001);
            assertThat(pages).startsWith(1, 101, 102).endsWith(1099, 1100).isSorted();
        }
    }

    /** The best of several runs, as the machine may do something else for a while. */
    @Test
    void runGivesThemLessThanAHundredthOfItsTime() throws Exception {
        try (WatchedStream large = new WatchedStream(
                TestDatabase.h2(), ScenarioApi.of(Feed.users(10_000)).pageSize(1000))) {
            large.handled("all", "?events=run,page,waiting,schema-change");
            large.handled("some", "?events=page&streams=another");
            large.start();
            TimedNotifier timed = TimedNotifier.of(large.context);

            await().atMost(Duration.ofMinutes(2)).untilAsserted(() -> {
                StreamRegistry.of(large.context).storeOf("user").changeCursor("user", null);
                timed.forget();
                long begin = System.nanoTime();
                large.sync();
                assertThat(large.lastRun()).containsEntry("PAGES", 10L);
                assertThat(timed.nanos() / (double) (System.nanoTime() - begin)).isBetween(0.0, 0.01);
            });
        }
    }

    @Test
    void stopGivesASlowOneTheTimeToHandleTheLastEvent() throws Exception {
        List<String> handled = new CopyOnWriteArrayList<>();
        stream.handler("slow", "", exchange -> {
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            handled.add(
                    exchange.getMessage().getBody(JsonNode.class).path("status").asText());
        });
        stream.start().sync();
        stream.context.stop();

        assertThat(handled).containsExactly("complete");
        assertThat(lines()).isEmpty();
    }

    @Test
    void stopWaitsTwoSecondsForOneThatHangs() throws Exception {
        stream.handler("hanging", "?events=page,run", exchange -> released.await());
        stream.start().sync();
        long begin = System.nanoTime();
        stream.context.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
        assertThat(lines())
                .contains("route hanging: the last 4 events were not handled within 2 s of the program's end");
    }

    @Test
    void stopWaitsNoLongerForOneThatCanNotBeInterrupted() throws Exception {
        stream.handler("deaf", "", exchange -> {
            while (released.getCount() > 0) {
                LockSupport.parkNanos(1_000_000);
            }
        });
        stream.start().sync();
        long begin = System.nanoTime();
        stream.context.stop();

        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(10));
        assertThat(lines()).contains("route deaf: the last event was not handled within 2 s of the program's end");
    }

    @Test
    void contextsHearOnlyOfTheirOwnRuns() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "");
        stream.start();
        try (WatchedStream other = new WatchedStream(3)) {
            List<JsonNode> others = other.handled("alerts", "");
            other.start().sync();
            awaitEvents(others, 1);
            stream.sync();
            awaitEvents(events, 1);

            assertThat(others.get(0).path("records").asInt()).isEqualTo(3);
            assertThat(events.get(0).path("records").asInt()).isEqualTo(25);
            assertThat(others).hasSize(1);
        }
    }

    @Test
    void removedRouteLeavesNothingBehindAndMayComeAgain() throws Exception {
        stream.start();
        int notifiers = notifiers();
        for (int i = 0; i < 3; i++) {
            List<JsonNode> events = stream.handled("alerts", "");
            stream.sync();
            awaitEvents(events, 1);
            stream.context.getRouteController().stopRoute("alerts");
            stream.context.removeRoute("alerts");

            await().until(() -> threads() == 0);
            assertThat(notifiers()).isEqualTo(notifiers);
        }
    }

    @Test
    void routeThatIsStoppedForAWhileGetsWhatHappenedMeanwhile() throws Exception {
        List<JsonNode> events = stream.handled("alerts", "");
        stream.start();
        stream.context.getRouteController().stopRoute("alerts");
        stream.sync();
        stream.context.getRouteController().startRoute("alerts");

        awaitEvents(events, 1);
        assertThat(lines()).isEmpty();
    }

    @Test
    void errorHandlerOfTheRouteTriesAgain() throws Exception {
        List<JsonNode> events = new CopyOnWriteArrayList<>();
        stream.context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(defaultErrorHandler().maximumRedeliveries(2).redeliveryDelay(1));
                from("kamelet:sync-events-source").process(exchange -> {
                    events.add(exchange.getMessage().getBody(JsonNode.class));
                    if (events.size() == 1) {
                        throw new IllegalStateException("the chat is down");
                    }
                });
            }
        });
        stream.start().sync();

        awaitEvents(events, 2);
        assertThat(lines()).isEmpty();
    }

    /** Measures the time that runs spend on telling of their events. */
    private static final class TimedNotifier extends EventNotifierSupport {

        private final EventNotifier timed;
        private final AtomicLong nanos = new AtomicLong();

        private TimedNotifier(EventNotifier timed) {
            this.timed = timed;
        }

        static TimedNotifier of(CamelContext context) {
            EventNotifier events = context.getManagementStrategy().getEventNotifiers().stream()
                    .filter(RunEvents.class::isInstance)
                    .findFirst()
                    .orElseThrow();
            TimedNotifier timed = new TimedNotifier(events);
            context.getManagementStrategy().removeEventNotifier(events);
            context.getManagementStrategy().addEventNotifier(timed);
            return timed;
        }

        @Override
        public boolean isEnabled(CamelEvent event) {
            return timed.isEnabled(event);
        }

        @Override
        public void notify(CamelEvent event) throws Exception {
            long begin = System.nanoTime();
            timed.notify(event);
            nanos.addAndGet(System.nanoTime() - begin);
        }

        void forget() {
            nanos.set(0);
        }

        long nanos() {
            return nanos.get();
        }
    }

    private int notifiers() {
        return stream.context.getManagementStrategy().getEventNotifiers().size();
    }

    private long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains("(" + stream.context.getName() + ")")
                        && thread.getName().contains("keyset-sync-events"))
                .count();
    }
}
