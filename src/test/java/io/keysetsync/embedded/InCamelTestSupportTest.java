package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.keysetsync.Streams;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.mock.MockEndpoint;
import org.apache.camel.test.junit5.CamelTestSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A test of an application's own route, with Camel's means. */
class InCamelTestSupportTest extends CamelTestSupport {

    private final TestDatabase database = TestDatabase.h2();
    private final ScenarioApi api = ScenarioApi.of(Feed.users(25)).pageSize(10).start();

    @Override
    protected RoutesBuilder createRouteBuilder() {
        context.getRegistry().bind("dataSource", database.dataSource());
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=people&schedule=0+0+0+1+1+?+2099&url=" + api.url())
                        .to("kamelet:jdbc-upsert-sink?stream=people&schema=file:routes/user.schema.json")
                        .to("mock:saved");
            }
        };
    }

    @AfterEach
    void closeApi() throws Exception {
        api.close();
    }

    @Test
    void rowsAreSavedAndEveryPageIsPassedOn() throws Exception {
        MockEndpoint saved = getMockEndpoint("mock:saved");
        saved.expectedMessageCount(3);

        Streams.of(context).trigger("people");

        MockEndpoint.assertIsSatisfied(context);
        await().untilAsserted(() -> assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z"));
        assertThat(database.jdbc().queryForObject("SELECT count(*) FROM \"user\"", Integer.class))
                .isEqualTo(25);
    }
}
