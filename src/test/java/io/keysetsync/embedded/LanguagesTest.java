package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The same stream, in every language that a host may write its routes in. */
class LanguagesTest {

    private static final String NEVER = "0 0 0 1 1 ? 2099";

    private enum Language {
        KAMELETS_IN_JAVA {
            @Override
            void add(CamelContext context, String url) throws Exception {
                context.addRoutes(new RouteBuilder() {
                    @Override
                    public void configure() {
                        from("kamelet:keyset-sync-source?stream=people&query=RAW(limit=10&sort=asc)&schedule="
                                        + NEVER.replace(' ', '+') + "&url=" + url)
                                .to("kamelet:jdbc-upsert-sink?stream=people&schema=file:routes/user.schema.json");
                    }
                });
            }
        },
        JAVA {
            @Override
            void add(CamelContext context, String url) throws Exception {
                context.addRoutes(SyncRoute.of("people", url)
                        .with("schedule", NEVER)
                        .with("query", "limit=10&sort=asc")
                        .into("file:routes/user.schema.json"));
            }
        },
        YAML {
            @Override
            void add(CamelContext context, String url) throws Exception {
                load(
                        context,
                        "people.camel.yaml",
                        """
                        - route:
                            from:
                              uri: kamelet:keyset-sync-source
                              parameters:
                                stream: people
                                url: %s
                                schedule: %s
                                query: RAW(limit=10&sort=asc)
                              steps:
                                - to:
                                    uri: kamelet:jdbc-upsert-sink
                                    parameters:
                                      stream: people
                                      schema: file:routes/user.schema.json
                        """
                                .formatted(url, NEVER));
            }
        },
        XML {
            @Override
            void add(CamelContext context, String url) throws Exception {
                load(
                        context,
                        "people.camel.xml",
                        """
                        <routes xmlns="http://camel.apache.org/schema/spring">
                          <route>
                            <from uri="kamelet:keyset-sync-source?stream=people&amp;url=%s&amp;schedule=%s&amp;query=RAW(limit=10&amp;sort=asc)"/>
                            <to uri="kamelet:jdbc-upsert-sink?stream=people&amp;schema=file:routes/user.schema.json"/>
                          </route>
                        </routes>
                        """
                                .formatted(url, NEVER));
            }
        };

        abstract void add(CamelContext context, String url) throws Exception;

        private static void load(CamelContext context, String file, String routes) throws Exception {
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString(file, routes));
        }
    }

    private final TestDatabase database = TestDatabase.h2();

    @ParameterizedTest
    @EnumSource
    void savesTheRowsAndTheCursor(Language language) throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(25)).pageSize(10).start();
                DefaultCamelContext context = context()) {
            language.add(context, api.url());
            context.start();
            sync(context, "people");

            assertThat(api.requests()).hasSize(3).allSatisfy(request -> assertThat(request.toString())
                    .contains("limit", "10", "sort", "asc"));
        }
        assertThat(database.jdbc().queryForObject("SELECT count(*) FROM \"user\"", Integer.class))
                .isEqualTo(25);
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void streamInJavaTakesStepsAndParametersOfBothKamelets() throws Exception {
        String odd = "people (more), part #2";
        try (ScenarioApi api = ScenarioApi.of(Feed.users(25)).pageSize(10).start();
                DefaultCamelContext context = context()) {
            context.getRegistry().bind("warehouse", database.dataSource());
            context.getPropertiesComponent().addInitialProperty("people.url", api.url());
            context.addRoutes(SyncRoute.of(odd, "{{people.url}}")
                    .with("schedule", NEVER)
                    .with("connectTimeout", Duration.ofSeconds(3))
                    .with("maxEmptyPages", 3)
                    .with("initialCursor", "")
                    .through(page -> page.process(
                            exchange -> withoutEmails(exchange.getMessage().getBody(ArrayNode.class))))
                    .into("file:routes/user.schema.json")
                    .with("dataSource", "warehouse"));
            context.start();

            assertThat(Streams.of(context).names()).containsExactly(odd);
            sync(context, odd);
        }
        assertThat(database.jdbc().queryForList("SELECT DISTINCT \"email\" FROM \"user\"", String.class))
                .containsOnlyNulls();
        assertThat(database.cursor(odd)).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void streamInJavaWithoutATableGoesThroughItsStepsAlone() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(25)).pageSize(10).start();
                DefaultCamelContext context = context()) {
            context.addRoutes(
                    SyncRoute.of("people", api.url()).with("schedule", NEVER).through(page -> page.to("mock:pages")));
            context.start();
            sync(context, "people");
        }
        assertThat(database.cursor("people")).isEqualTo("2024-01-01T00:24:00Z");
    }

    @Test
    void streamInJavaSaysWhatAParameterCanNotTake() throws Exception {
        try (DefaultCamelContext context = context()) {
            context.start();

            assertThatThrownBy(() -> context.addRoutes(SyncRoute.of("people", "http://127.0.0.1:1/")
                            .with("lookback", "ten minutes")
                            .into("file:routes/user.schema.json")))
                    .hasRootCauseInstanceOf(Exception.class)
                    .satisfies(error -> assertThat(Errors.known(error))
                            .isInstanceOf(ConfigurationException.class)
                            .hasMessageContaining("people")
                            .hasMessageContaining("lookback")
                            .hasMessageContaining("ten minutes"));
        }
    }

    @Test
    void onlyAnExistingStreamCanBeTriggered() throws Exception {
        try (DefaultCamelContext context = context()) {
            context.addRoutes(SyncRoute.of("people", "http://127.0.0.1:1/")
                    .with("schedule", NEVER)
                    .into("file:routes/user.schema.json"));
            context.start();

            assertThatThrownBy(() -> Streams.of(context).trigger("orders"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("orders")
                    .hasMessageContaining("people");
            context.getRouteController().stopRoute("people-source");
            context.removeRoute("people-source");
            assertThatThrownBy(() -> Streams.of(context).trigger("people"))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("people");
        }
    }

    private DefaultCamelContext context() {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", database.dataSource());
        return context;
    }

    private void sync(CamelContext context, String stream) throws Exception {
        Streams.of(context).trigger(stream);
        await().ignoreExceptions().untilAsserted(() -> assertThat(database.runs(stream))
                .singleElement()
                .extracting(run -> run.get("status"))
                .isEqualTo("complete"));
    }

    private static void withoutEmails(ArrayNode records) {
        for (JsonNode record : records) {
            ((ObjectNode) record).remove("email");
        }
    }
}
