package io.keysetsync.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.SyncRoute;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.spi.PropertiesFunction;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Secrets of a host's properties and vault arrive as they are, however the stream is written. */
@Timeout(60)
class EmbeddedSecretsTest {

    private static final String SECRET = "ab{{cd}}{{?x}}\\{{e}}#$%&+ RAW(\\";

    private final ScenarioApi api = ScenarioApi.of(Feed.users(3)).start();
    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();

    @BeforeEach
    void prepare() {
        RunsByHand.in(context);
        context.getRegistry().bind("dataSource", database.dataSource());
        context.getPropertiesComponent().addInitialProperty("api.key", SECRET);
        context.getPropertiesComponent().addInitialProperty("api.key.of.vault", "{{host-vault:key}}");
        context.getPropertiesComponent().addPropertiesFunction(new PropertiesFunction() {
            @Override
            public String getName() {
                return "host-vault";
            }

            @Override
            public String apply(String remainder) {
                return SECRET;
            }
        });
    }

    @AfterEach
    void stop() {
        context.stop();
        api.close();
    }

    private void assertArrives() throws Exception {
        ShippedRoutes.sync(context, "people");
        assertThat(database.cursor("people")).isNotNull();
        assertThat(api.requests())
                .allSatisfy(request -> assertThat(request.header("x-api-key")).isEqualTo(SECRET));
    }

    @ParameterizedTest
    @ValueSource(strings = {"#property:api.key", "#property:api.key.of.vault", "#property:host-vault:key"})
    void inAStreamOfJavaThatIsAddedToARunningContext(String token) throws Exception {
        context.start();
        context.addRoutes(SyncRoute.of("people", api.url())
                .with("auth", "apiKey")
                .with("token", token)
                .into("file:routes/user.schema.json"));

        assertArrives();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "token=#property:api.key",
                "token=RAW(#property:api.key)",
                "token=#property:api.key.of.vault",
                "headers=X-API-Key: #property:api.key&auth=none"
            })
    void inARouteThatNamesTheKameletItself(String parameters) throws Exception {
        context.addRoutes(route(parameters));
        context.start();

        assertArrives();
    }

    private RoutesBuilder route(String parameters) {
        return new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?stream=people&url=" + api.url()
                                + (parameters.contains("auth=") ? "&" : "&auth=apiKey&") + parameters)
                        .to("kamelet:jdbc-upsert-sink?stream=people&schema=file:routes/user.schema.json");
            }
        };
    }

    @Test
    void inARouteOfYaml() throws Exception {
        context.start();
        String yaml =
                """
                - route:
                    id: people
                    from:
                      uri: kamelet:keyset-sync-source
                      parameters:
                        stream: people
                        url: %s
                        auth: apiKey
                        token: "#property:api.key"
                      steps:
                        - to:
                            uri: kamelet:jdbc-upsert-sink
                            parameters:
                              stream: people
                              schema: file:routes/user.schema.json
                """
                        .formatted(api.url());
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("people.yaml", yaml));

        assertArrives();
    }

    @Test
    void ofAPropertyOfAllStreams() throws Exception {
        context.getPropertiesComponent()
                .addInitialProperty("camel.kamelet.keyset-sync-source.token", "#property:api.key");
        context.addRoutes(route("lookback=PT0S"));
        context.start();

        assertArrives();
    }

    @Test
    void thatAreMissingAreNamedWithTheirStream() {
        assertThatThrownBy(() -> {
                    context.start();
                    context.addRoutes(route("token=#property:no.such.key"));
                })
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .asString()
                .contains("stream people: parameter token: the setting 'no.such.key' has no value");
    }
}
