package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.micrometer.MicrometerConstants;
import org.apache.camel.component.micrometer.routepolicy.MicrometerRoutePolicyFactory;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.DefaultTransactionStatus;

/** What the host's registry has is used: data source, transaction manager, metrics; the JSON mapper in its own steps. */
class HostBeansTest {

    private static final String NEVER = "0 0 0 1 1 ? 2099";

    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();

    @AfterEach
    void close() throws Exception {
        context.close();
    }

    @Test
    void pagesCommitThroughTheHostsTransactionManager() throws Exception {
        DataSource dataSource = database.dataSource();
        CountingTransactions transactions = new CountingTransactions(dataSource);
        context.getRegistry().bind("dataSource", dataSource);
        context.getRegistry().bind("transactionManager", transactions);
        context.getRegistry()
                .bind("another", new CountingTransactions(TestDatabase.h2().dataSource()));

        sync(Feed.users(30));

        assertThat(transactions.commits).as("pages").hasValue(3);
    }

    @Test
    void dataSourceOfTheHostMayAlreadyJoinTransactions() throws Exception {
        DataSource dataSource = new TransactionAwareDataSourceProxy(database.dataSource());
        CountingTransactions transactions = new CountingTransactions(dataSource);
        context.getRegistry().bind("dataSource", dataSource);
        context.getRegistry().bind("transactionManager", transactions);

        sync(Feed.users(30));

        assertThat(transactions.commits).as("pages").hasValue(3);
    }

    @Test
    void jsonMapperOfTheHostNeitherReadsThePagesNorIsReplaced(@TempDir Path folder) throws Exception {
        ObjectMapper lax = JsonMapper.builder()
                .disable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(JsonNodeFeature.READ_NULL_PROPERTIES)
                .build();
        Path schema = Files.writeString(
                folder.resolve("price.json"),
                """
                {"table": "price", "primary_key": ["id"],
                 "columns": {"id": "STRING", "amount": "DECIMAL(38,20)", "updatedAt": "UTC_DATETIME"}}
                """);
        context.getRegistry().bind("dataSource", database.dataSource());
        context.getRegistry().bind("mapper", lax);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("direct:own").unmarshal().json();
            }
        });
        FeedRecord record = FeedRecord.user("1", "2024-01-01T00:00:00Z")
                .with("amount", new BigDecimal("123456789012345.12345678901234567890"));

        sync(Feed.of(record), "file:" + schema);

        assertThat(database.jdbc().queryForObject("SELECT \"amount\" FROM \"price\"", String.class))
                .isEqualTo("123456789012345.12345678901234567890");
        assertThat(context.getRegistry().findByType(ObjectMapper.class)).containsExactly(lax);
    }

    @Test
    void metricsOfTheHostCountThePagesOfAStream() throws Exception {
        MeterRegistry meters = new SimpleMeterRegistry();
        context.getRegistry().bind("dataSource", database.dataSource());
        context.getRegistry().bind(MicrometerConstants.METRICS_REGISTRY_NAME, meters);
        context.addRoutePolicyFactory(new MicrometerRoutePolicyFactory());

        sync(Feed.users(30));

        await().ignoreExceptions().untilAsserted(() -> assertThat(meters.get("camel.exchanges.succeeded")
                        .tag("routeId", "people")
                        .counter()
                        .count())
                .as("pages")
                .isEqualTo(3));
    }

    @Test
    void runsWaitForTheSchedulerThatTheHostStartsItself() throws Exception {
        QuartzComponent quartz = context.getComponent("quartz", QuartzComponent.class);
        quartz.setAutoStartScheduler(false);
        context.getRegistry().bind("dataSource", database.dataSource());
        try (ScenarioApi api = ScenarioApi.of(Feed.users(5)).start()) {
            context.addRoutes(
                    SyncRoute.of("people", api.url()).with("schedule", NEVER).into("file:routes/user.schema.json"));
            context.start();
            Streams.of(context).trigger("people");

            assertThat(quartz.getScheduler().isStarted()).isFalse();
            assertThat(api.requests()).isEmpty();
            quartz.getScheduler().start();
            awaitCompleteRun();
        }
    }

    private void sync(Feed feed) throws Exception {
        sync(feed, "file:routes/user.schema.json");
    }

    private void sync(Feed feed, String schema) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start()) {
            context.addRoutes(
                    SyncRoute.of("people", api.url()).with("schedule", NEVER).into(schema));
            context.start();
            Streams.of(context).trigger("people");
            awaitCompleteRun();
        }
    }

    private void awaitCompleteRun() {
        await().ignoreExceptions().untilAsserted(() -> assertThat(database.runs("people"))
                .singleElement()
                .extracting(run -> run.get("status"))
                .isEqualTo("complete"));
    }

    /** Counts the commits of pages; those of a run's begin and end are without a transaction. */
    private static final class CountingTransactions extends DataSourceTransactionManager {

        private static final long serialVersionUID = 1L;

        private final AtomicInteger commits = new AtomicInteger();

        private CountingTransactions(DataSource dataSource) {
            super(dataSource);
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            super.doCommit(status);
            commits.incrementAndGet();
        }
    }
}
