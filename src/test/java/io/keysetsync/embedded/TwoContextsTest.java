package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.Streams;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.util.Properties;
import java.util.UUID;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.Scheduler;
import org.quartz.impl.StdSchedulerFactory;

/** Two contexts in one JVM, each with a stream of the same name, on two databases. */
class TwoContextsTest {

    private static final String EVERY_SECOND = "*+*+*+*+*+?";

    private final TestDatabase firstDatabase = TestDatabase.h2();
    private final TestDatabase secondDatabase = TestDatabase.h2();

    @ParameterizedTest
    @CsvSource({"one, two", "my.app, my.other.app", "my_app, my app (2)", "camel, CAMEL"})
    void haveTheSameStreamsOnOneSchedulerOfTheHost(String first, String second) throws Exception {
        Scheduler scheduler =
                new StdSchedulerFactory(threads(4, UUID.randomUUID().toString())).getScheduler();
        try (DefaultCamelContext one = context(first, firstDatabase);
                DefaultCamelContext two = context(second, secondDatabase)) {
            one.getRegistry().bind("scheduler", scheduler);
            two.getRegistry().bind("scheduler", scheduler);

            bothSync(one, two);

            assertThat(one.getComponent("quartz", QuartzComponent.class).getScheduler())
                    .isSameAs(scheduler);
        }
        assertThat(scheduler.isShutdown()).as("the host's own to shut down").isFalse();
        scheduler.shutdown();
    }

    @Test
    void haveTheSameStreamsAndTheSameQuartzInstanceName() throws Exception {
        String instance = UUID.randomUUID().toString();
        try (DefaultCamelContext one = context("one", firstDatabase);
                DefaultCamelContext two = context("two", secondDatabase)) {
            for (DefaultCamelContext each : new DefaultCamelContext[] {one, two}) {
                QuartzComponent quartz = each.getComponent("quartz", QuartzComponent.class);
                quartz.setPrefixInstanceName(false);
                quartz.setProperties(threads(4, instance));
            }

            bothSync(one, two);
        }
    }

    private void bothSync(DefaultCamelContext one, DefaultCamelContext two) throws Exception {
        try (ScenarioApi ofOne = ScenarioApi.of(Feed.users(3)).start();
                ScenarioApi ofTwo = ScenarioApi.of(Feed.users(5)).start()) {
            one.addRoutes(stream(ofOne));
            two.addRoutes(stream(ofTwo));
            one.start();
            two.start();

            assertThat(Streams.of(one).names()).containsExactly("people");
            assertThat(Streams.of(two).names()).containsExactly("people");
            await().ignoreExceptions().untilAsserted(() -> assertThat(firstDatabase.cursor("people"))
                    .isEqualTo("2024-01-01T00:02:00Z"));
            await().ignoreExceptions().untilAsserted(() -> assertThat(secondDatabase.cursor("people"))
                    .isEqualTo("2024-01-01T00:04:00Z"));
        }
    }

    private static Properties threads(int count, String instance) {
        Properties properties = new Properties();
        properties.setProperty(StdSchedulerFactory.PROP_SCHED_INSTANCE_NAME, instance);
        properties.setProperty(StdSchedulerFactory.PROP_THREAD_POOL_CLASS, "org.quartz.simpl.SimpleThreadPool");
        properties.setProperty("org.quartz.threadPool.threadCount", Integer.toString(count));
        return properties;
    }

    private static DefaultCamelContext context(String name, TestDatabase database) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName(name);
        context.getRegistry().bind("dataSource", database.dataSource());
        return context;
    }

    private static RouteBuilder stream(ScenarioApi api) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=people&schedule=" + EVERY_SECOND + "&url=" + api.url())
                        .to("kamelet:jdbc-upsert-sink?stream=people&schema=file:routes/user.schema.json");
            }
        };
    }
}
