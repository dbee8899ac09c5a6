package io.keysetsync.run.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Date;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.quartz.Scheduler;
import org.quartz.Trigger;
import org.quartz.Trigger.TriggerState;
import org.quartz.TriggerKey;

/** A machine's clock that is set back does not hold up the streams. */
class ClockWatchTest {

    private final DefaultCamelContext context = new DefaultCamelContext();
    private ScenarioApi api;

    @BeforeEach
    void start() {
        api = ScenarioApi.of(Feed.users(3)).start();
        context.getRegistry().bind("dataSource", TestDatabase.h2().dataSource());
        context.getComponent("quartz", QuartzComponent.class).setAutoStartScheduler(false);
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
        api.close();
    }

    private void start(String schedule) throws Exception {
        context.addRoutes(
                SyncRoute.of("user", api.url()).with("schedule", schedule).into("file:routes/user.schema.json"));
        context.start();
    }

    private Scheduler scheduler() {
        return context.getComponent("quartz", QuartzComponent.class).getScheduler();
    }

    private TriggerKey key() {
        return Streams.of(context).triggerKey("user");
    }

    private Instant next() throws Exception {
        return scheduler().getTrigger(key()).getNextFireTime().toInstant();
    }

    private void look(Instant now) {
        new ClockWatch(context, Clock.fixed(now, ZoneOffset.UTC)).look();
    }

    @Test
    void nextRunIsThatOfTheScheduleByTheClockAsItIsNow() throws Exception {
        start("0 * * * * ?");
        Instant planned = next();
        look(planned.minusSeconds(30));
        assertThat(next()).as("nothing has happened").isEqualTo(planned);

        Instant back = planned.minus(5, ChronoUnit.DAYS).minusSeconds(30);
        look(back);
        assertThat(next()).isEqualTo(back.plusSeconds(30));
        assertThat(scheduler().getTriggerState(key())).isEqualTo(TriggerState.NORMAL);
    }

    @Test
    void pausedStreamStaysPaused() throws Exception {
        start("0 * * * * ?");
        scheduler().pauseTrigger(key());
        Instant back = next().minus(1, ChronoUnit.DAYS).minusSeconds(30);
        look(back);

        assertThat(scheduler().getTriggerState(key())).isEqualTo(TriggerState.PAUSED);
        assertThat(next()).isEqualTo(back.plusSeconds(30));
    }

    /** Quartz already waits for the time that it has computed by the old clock. */
    @Test
    void runBeginsAlthoughQuartzWaitsForATimeThatIsFarAhead() throws Exception {
        start("* * * * * ?");
        Trigger ahead = scheduler()
                .getTrigger(key())
                .getTriggerBuilder()
                .startAt(Date.from(Instant.now().plus(1, ChronoUnit.HOURS)))
                .build();
        scheduler().rescheduleJob(key(), ahead);
        scheduler().start();
        assertThat(api.requests()).isEmpty();

        look(Instant.now());
        await().atMost(Duration.ofMinutes(1)).until(() -> !api.requests().isEmpty());
    }

    @Test
    void contextHasOneWatchWhichEndsWithTheContext() throws Exception {
        start("0 * * * * ?");
        ClockWatch watch = context.hasService(ClockWatch.class);
        ClockWatch.over(context);
        assertThat(context.hasService(ClockWatch.class)).isSameAs(watch);
        assertThat(watch.isStarted()).isTrue();

        context.stop();
        assertThat(watch.isStopped()).isTrue();
        await().atMost(1, TimeUnit.MINUTES).until(() -> Thread.getAllStackTraces().keySet().stream()
                .noneMatch(thread -> thread.getName().contains("keyset-sync-clock")
                        && thread.getName().contains(context.getName())));
    }
}
