package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.TestDatabase;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.ServiceStatus;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.component.jdbc.JdbcComponent;
import org.apache.camel.component.kamelet.KameletComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;

/** What the host's CamelContext has, is and does is the host's affair. */
class HostContextTest {

    /** Far from now, so that runs begin by {@link Streams#trigger} alone. */
    private static final String NEVER = "0 0 0 1 1 ? 2099";

    private static final String SCHEMA = "file:routes/user.schema.json";

    private final TestDatabase database = TestDatabase.h2();

    @Test
    void nothingOfTheHostIsStoppedRenamedOrReconfigured() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(30)).pageSize(10).start();
                DefaultCamelContext context = context("host", database)) {
            context.addRoutes(new RouteBuilder() {
                @Override
                public void configure() {
                    errorHandler(deadLetterChannel("mock:dead"));
                    from("direct:host").id("host-route").to("mock:host");
                }
            });
            context.start();
            context.getComponent("http", HttpComponent.class);
            context.getComponent("jdbc", JdbcComponent.class);
            context.getComponent("kamelet", KameletComponent.class);
            Map<String, Object> before = settings(context);

            context.addRoutes(stream("people", api).into(SCHEMA));
            Streams.of(context).trigger("people");
            awaitCursor(database, "people");

            assertThat(settings(context)).isEqualTo(before);
            assertThat(context.getStatus()).isEqualTo(ServiceStatus.Started);
            assertThat(context.getRouteController().getRouteStatus("host-route").isStarted())
                    .isTrue();
            remove(context, "people");
            assertThat(settings(context)).isEqualTo(before);
        }
    }

    @Test
    void streamThatComesAndGoesAHundredTimesLeavesNothingBehind() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
                DefaultCamelContext context = context("host", database)) {
            context.start();
            Map<String, Integer> afterTheFirst = Map.of();
            for (int time = 1; time <= 100; time++) {
                context.addRoutes(stream("people", api).into(SCHEMA));
                if (time % 10 == 1) {
                    runOnce(context);
                }
                remove(context, "people");
                if (time == 1) {
                    afterTheFirst = left(context);
                }
            }

            assertThat(left(context)).isEqualTo(afterTheFirst);
        }
    }

    @Test
    void streamOfTheSameNameMayComeBackWithAnotherSink() throws Exception {
        TestDatabase warehouse = TestDatabase.h2();
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
                DefaultCamelContext context = context("host", database)) {
            context.getRegistry().bind("warehouse", warehouse.dataSource());
            context.start();
            context.addRoutes(stream("people", api).into(SCHEMA).with("dataSource", "warehouse"));
            Streams.of(context).trigger("people");
            awaitCursor(warehouse, "people");
            remove(context, "people");

            context.addRoutes(stream("people", api).through(page -> page.to("mock:pages")));
            Streams.of(context).trigger("people");
            awaitCursor(database, "people");
        }
        assertThat(warehouse.runs("people")).hasSize(1);
        assertThat(database.runs("people")).hasSize(1);
    }

    @Test
    void contextThatWasStoppedRunsItsStreamsAgainOnceItIsStarted() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
                DefaultCamelContext context = context("host", database)) {
            context.start();
            context.addRoutes(stream("people", api).into(SCHEMA));
            runOnce(context);
            remove(context, "people");

            context.stop();
            context.start();
            context.addRoutes(stream("people", api).into(SCHEMA));
            runOnce(context);
        }
        assertThat(database.runs("people"))
                .extracting(run -> run.get("status"))
                .containsExactly("complete", "complete");
    }

    @Test
    void secondSinkForAStreamIsRefusedAndTheFirstContinues() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
                DefaultCamelContext context = context("host", database)) {
            context.addRoutes(stream("people", api).into(SCHEMA));
            context.start();

            assertThatThrownBy(() -> context.addRoutes(new RouteBuilder() {
                        @Override
                        public void configure() {
                            from("direct:other")
                                    .to("kamelet:jdbc-upsert-sink?stream=people&schema=classpath:item.schema.json");
                        }
                    }))
                    .extracting(Errors::known)
                    .isInstanceOf(ConfigurationException.class)
                    .asString()
                    .contains("stream 'people' has two routes with kamelet:jdbc-upsert-sink; rename one");

            runOnce(context);
        }
        assertThat(database.jdbc().queryForList("SELECT \"id\" FROM \"user\"")).hasSize(3);
    }

    private void runOnce(CamelContext context) throws Exception {
        int runs = cursorIsThere() ? database.runs("people").size() : 0;
        Streams.of(context).trigger("people");
        await().ignoreExceptions()
                .until(() -> database.runs("people").size() == runs + 1
                        && "complete".equals(database.runs("people").get(runs).get("status")));
    }

    private boolean cursorIsThere() {
        try {
            return database.cursor("people") != null;
        } catch (DataAccessException e) {
            return false;
        }
    }

    private static DefaultCamelContext context(String name, TestDatabase database) {
        DefaultCamelContext context = new DefaultCamelContext();
        context.getCamelContextExtension().setName(name);
        context.getRegistry().bind("dataSource", database.dataSource());
        return context;
    }

    private static SyncRoute stream(String stream, ScenarioApi api) {
        return SyncRoute.of(stream, api.url()).with("schedule", NEVER);
    }

    /** As {@code docs/embedding.md} says. */
    private static void remove(CamelContext context, String stream) throws Exception {
        for (String route : List.of(stream + "-source", stream, stream + "-sink")) {
            context.getRouteController().stopRoute(route);
            context.removeRoute(route);
        }
    }

    private static void awaitCursor(TestDatabase database, String stream) {
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(database.cursor(stream)).isNotNull());
    }

    private static Map<String, Object> settings(CamelContext context) {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("name", context.getName());
        settings.put("global options", Map.copyOf(context.getGlobalOptions()));
        settings.put("shutdown strategy", context.getShutdownStrategy());
        settings.put("shutdown time-out", context.getShutdownStrategy().getTimeout());
        settings.put("uuid generator", context.getUuidGenerator());
        settings.put("stream caching", context.isStreamCaching());
        settings.put("tracing", context.isTracing());
        settings.put("mdc", context.isUseMDCLogging());
        settings.put("auto startup", context.isAutoStartup());
        settings.put("error handler", context.getCamelContextExtension().getErrorHandlerFactory());
        settings.put("route controller", context.getRouteController());
        settings.put("type converters", context.getTypeConverterRegistry().size());
        settings.put(
                "properties", new Properties(context.getPropertiesComponent().loadProperties()).toString());
        settings.put(
                "property locations",
                List.copyOf(context.getPropertiesComponent().getLocations()));
        settings.put("notifiers", List.copyOf(context.getManagementStrategy().getEventNotifiers()));
        for (String name : List.of("http", "jdbc", "kamelet", "quartz", "direct")) {
            settings.put(name, options(context, name));
        }
        return settings;
    }

    private static Map<String, Object> options(CamelContext context, String component) {
        Map<String, Object> options = new LinkedHashMap<>();
        PluginHelper.getBeanIntrospection(context).getProperties(context.getComponent(component), options, null, false);
        return options;
    }

    private static Map<String, Integer> left(DefaultCamelContext context) {
        Map<String, Integer> left = new LinkedHashMap<>();
        left.put("lifecycle strategies", context.getLifecycleStrategies().size());
        left.put("routes", context.getRoutes().size());
        left.put("route definitions", context.getRouteDefinitions().size());
        left.put("endpoints", context.getEndpoints().size());
        left.put("services", context.getCamelContextExtension().getServices().size());
        left.put("threads", (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(context.getName()))
                .count());
        left.put("beans", context.getRegistry().findByTypeWithName(Object.class).size());
        return left;
    }
}
