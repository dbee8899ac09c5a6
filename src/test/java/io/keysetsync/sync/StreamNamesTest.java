package io.keysetsync.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.Streams;
import io.keysetsync.SyncRoute;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import java.io.IOException;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.core.JdbcTemplate;

/** Names of streams: each is the same everywhere, or refused. */
class StreamNamesTest {

    private final TestDatabase database = TestDatabase.h2();
    private final DefaultCamelContext context = new DefaultCamelContext();
    private ScenarioApi api;

    @BeforeEach
    void prepare() {
        api = ScenarioApi.of(Feed.users(2)).start();
        context.getRegistry().bind("dataSource", database.dataSource());
        RunsByHand.in(context);
    }

    @AfterEach
    void stop() throws IOException {
        context.close();
        api.close();
    }

    static Stream<String> allowed() {
        return Stream.of(
                "two words  apart",
                "größe 日本 😀",
                "/a//b/../c.d",
                "a:b;c=d,e",
                "a+b#c|d*e~f",
                "[a](b){c}<d>",
                "a\"b'c`d$e!^");
    }

    @ParameterizedTest
    @MethodSource("allowed")
    void isTheSameForScheduleRegistryAndCursor(String name) throws Exception {
        start(name);

        assertThat(Streams.of(context).names()).containsExactly(name);
        assertThat(StreamRegistry.of(context).streams()).containsExactly(name);
        assertThat(StreamRegistry.of(context).sinkOf(name)).isNotNull();
        ShippedRoutes.sync(context, name);
        assertThat(streamsIn("keyset_sync_cursor")).isEqualTo(name);
        assertThat(streamsIn("keyset_sync_run")).isEqualTo(name);
    }

    private String streamsIn(String table) {
        return new JdbcTemplate(database.dataSource()).queryForObject("SELECT stream FROM " + table, String.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a%20b", "a?b", "a?", "a\\bcd", "' a'", "'a '", "a@b"})
    void isRefusedIfCamelOrTheCursorsKeyWouldChangeIt(String quoted) {
        String name = quoted.replace("'", "");

        assertThatThrownBy(() -> start(name))
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .asString()
                .contains(
                        "parameter stream '" + name + "' must be a name of 1 to 200 characters",
                        "@ % & ? \\",
                        "blanks");
    }

    @ParameterizedTest
    @CsvSource({"R&D, has a value with '&'", "a\\b, parameter stream has a backslash"})
    void isRefusedEvenIfCamelHasChangedItAlready(String name, String said) {
        assertThatThrownBy(() -> start(name))
                .extracting(Errors::known)
                .isInstanceOf(ConfigurationException.class)
                .asString()
                .contains(said);
    }

    @Test
    void isRefusedInJavaToo() throws Exception {
        context.addRoutes(SyncRoute.of("R&D", api.url()).into("file:routes/user.schema.json"));

        assertThatThrownBy(context::start)
                .extracting(Errors::known)
                .asString()
                .contains("parameter stream 'R&D'", "without @ % & ? \\");
    }

    private void start(String name) throws Exception {
        String yaml =
                """
                - route:
                    from:
                      uri: kamelet:keyset-sync-source
                      parameters:
                        stream: NAME
                        url: URL
                      steps:
                        - to:
                            uri: kamelet:jdbc-upsert-sink
                            parameters:
                              stream: NAME
                              schema: file:routes/user.schema.json
                """
                        .replace("NAME", new JsonMapper().writeValueAsString(name))
                        .replace("URL", api.url());
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("names.yaml", yaml));
        context.start();
    }
}
