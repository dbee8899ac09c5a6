package io.keysetsync.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Fault;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests to the console that nothing can be done with: an error says why, and nothing changes. */
class RefusedRequestsTest {

    private static ServedStreams served;

    /** Two runs, and a record in the quarantine. */
    @BeforeAll
    static void serve(@TempDir Path folder) throws Exception {
        served = new ServedStreams(folder, Map.of(), "user");
        served.sync("user");
        served.api().change(scenario -> scenario.always(Fault.json(200, "{\"data\": [{\"id\": \"x\"}]}")));
        served.sync("user");
    }

    @AfterAll
    static void close() throws Exception {
        served.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "-1", "1001", "x", ""})
    void limitThatIsNoCountIsRefused(String limit) throws Exception {
        assertThat(served.get("/api/streams/user/runs?limit=" + limit).statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "null",
                "{\"value\": true}",
                "{\"value\": {}}",
                "{\"value\": \"yesterday\"}",
                "{\"value\": \"\"}",
                "{\"value\": null} x"
            })
    void cursorThatCantBeReadIsRefused(String body) throws Exception {
        String cursor = served.database().cursor("user");

        HttpResponse<String> answer = served.post("/api/streams/user/cursor", body);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(ServedStreams.JSON.readTree(answer.body()).path("error").asText())
                .isNotEmpty();
        assertThat(served.database().cursor("user")).isEqualTo(cursor);
        assertThat(served.database().runs("user")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/streams/nobody/runs",
        "GET, /api/streams/nobody/rows",
        "POST, /api/streams/nobody/run",
        "POST, /api/streams/nobody/pause",
        "POST, /api/streams/nobody/resume",
        "POST, /api/streams/nobody/cursor",
        "GET, /api/streams/user",
        "GET, /api/nothing",
        "GET, /page/..%2fconsole.camel.yaml",
        "GET, /page/libraries.properties",
        "GET, /lib/..%2f..%2fapplication.properties",
        "GET, /lib/",
        "GET, /console.camel.yaml",
    })
    void whatIsNotThereIsNotFound(String method, String path) throws Exception {
        HttpResponse<String> answer = method.equals("GET") ? served.get(path) : served.post(path, "{\"value\":null}");

        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(ServedStreams.JSON.readTree(answer.body()).path("error").asText())
                .isNotEmpty();
    }

    @Test
    void requestByAnotherMethodIsRefused() throws Exception {
        assertThat(served.post("/api/streams", "").statusCode()).isEqualTo(405);
        assertThat(served.get("/api/streams/user/run").statusCode()).isEqualTo(405);
        assertThat(served.json("/api/streams/user/runs")).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "retry | {}                          | 400",
                "drop  | {}                          | 400",
                "drop  | {\"ids\": []}               | 400",
                "drop  | {\"ids\": [1]}              | 400",
                "drop  | {\"stream\": null}          | 400",
                "drop  | {\"ids\": [\"unknown\"]}    | 404",
                "retry | {\"ids\": [\"unknown\"]}    | 404",
                "retry | {\"stream\": \"nobody\"}    | 404",
                "drop  | {\"stream\": \"nobody\"}    | 404",
            })
    void quarantineOfNothingKnownIsRefused(String what, String body, int status) throws Exception {
        assertThat(served.post("/api/quarantine/" + what, body).statusCode()).isEqualTo(status);
        assertThat(served.json("/api/quarantine")).hasSize(1);
    }
}
