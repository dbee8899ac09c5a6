package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.sql.DataSource;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

class EmbeddedTest {

    private static final String EVERY_SECOND = "*+*+*+*+*+?";

    private final DataSource dataSource = inMemory();
    private final JdbcTemplate jdbc = new JdbcTemplate(dataSource);

    private static DataSource inMemory() {
        JdbcDataSource h2 = new JdbcDataSource();
        h2.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        return h2;
    }

    @Test
    void plainContextWithADataSourceGetsTheRowsOnSchedule() throws Exception {
        Feed feed = Feed.users(30);
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start();
                DefaultCamelContext context = context(dataSource, api)) {
            context.start();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(cursor("people")).isEqualTo("2024-01-01T00:29:00Z"));
            assertThat(count()).isEqualTo(30);

            feed.put(FeedRecord.user("31", "2024-02-01T00:00:00Z"));
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(cursor("people")).isEqualTo("2024-02-01T00:00:00Z"));
            assertThat(count()).isEqualTo(31);
        }
    }

    @Test
    void withAnotherSinkTheCursorMovesOnlyAfterThePagesStepsHaveSucceeded() throws Exception {
        List<String> delivered = new CopyOnWriteArrayList<>();
        try (ScenarioApi api = ScenarioApi.of(Feed.users(30)).pageSize(10).start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", dataSource);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:keyset-sync-source?stream=people&schedule=" + EVERY_SECOND + "&url=" + api.url())
                            .errorHandler(noErrorHandler())
                            .process(exchange -> {
                                if (cursor("people") != null && delivered.size() == 1) {
                                    delivered.add("failed");
                                    throw new IllegalStateException("the sink fails in page 2");
                                }
                                delivered.add(exchange.getMessage()
                                        .getBody(JsonNode.class)
                                        .toString());
                            });
                }
            });
            context.start();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(cursor("people")).isEqualTo("2024-01-01T00:29:00Z"));
        }

        assertThat(delivered).hasSizeGreaterThanOrEqualTo(4);
        assertThat(delivered.get(0)).contains("\"id\":\"1\"", "\"id\":\"10\"");
        assertThat(delivered.get(2)).as("after the failure").contains("\"id\":\"9\"", "\"id\":\"18\"");
    }

    @Test
    void twoContextsInOneJvmDoNotDisturbEachOther() throws Exception {
        JdbcTemplate other = new JdbcTemplate(inMemory());
        try (ScenarioApi api = ScenarioApi.of(Feed.users(5)).start();
                ScenarioApi down =
                        ScenarioApi.of(Feed.users(5)).always(Fault.status(404)).start();
                DefaultCamelContext first = context(dataSource, api);
                DefaultCamelContext second = context(other.getDataSource(), down)) {
            first.start();
            second.start();

            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(cursor("people")).isNotNull());
            await().ignoreExceptions()
                    .untilAsserted(() -> assertThat(other.queryForList("SELECT status FROM keyset_sync_run"))
                            .asString()
                            .contains("failed"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"sync", "json", "table", "transaction", "database", "rows", "user"})
    void aStreamMayHaveAnyName(String stream) throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", dataSource);
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    from("kamelet:keyset-sync-source?stream=" + stream + "&url=http://127.0.0.1/")
                            .to("kamelet:jdbc-upsert-sink?stream=" + stream + "&schema=file:routes/user.schema.json");
                }
            });
            context.start();

            assertThat(context.isStarted()).isTrue();
        }
    }

    private static DefaultCamelContext context(DataSource dataSource, ScenarioApi api) throws Exception {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", dataSource);
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=people&schedule=" + EVERY_SECOND + "&url=" + api.url())
                        .to("kamelet:jdbc-upsert-sink?stream=people&schema=file:routes/user.schema.json");
            }
        });
        return context;
    }

    private int count() {
        return jdbc.queryForObject("SELECT count(*) FROM \"user\"", Integer.class);
    }

    private String cursor(String stream) {
        return jdbc.queryForObject(
                "SELECT max(cursor_value) FROM keyset_sync_cursor WHERE stream = ?", String.class, stream);
    }
}
