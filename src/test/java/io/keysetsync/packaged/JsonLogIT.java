package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Scenario;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What {@code sync.log = json} writes. */
class JsonLogIT extends OverAnApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    JsonLogIT() {
        super(10);
    }

    @Override
    Scenario scenario() {
        return super.scenario().pageSize(5);
    }

    @Test
    void eachLineIsAnObjectWithItsFields() {
        program.edit("application.properties", JsonLogIT::json)
                .edit(
                        "routes/user.camel.yaml",
                        yaml -> yaml.replaceFirst("( +)steps:\n", "$1steps:\n$1  - log: a step's \"line\"\n"));

        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        List<JsonNode> lines = objects(ended);
        JsonNode end = lines.get(lines.size() - 1);
        assertThat(end.get("status").asText()).isEqualTo("complete");
        assertThat(end.get("pages").isIntegralNumber()).isTrue();
        assertThat(end.get("records").asInt()).isEqualTo(10);
        assertThat(end.get("upserted").asInt()).isEqualTo(10);
        assertThat(end.get("seconds").isNumber()).isTrue();
        assertThat(end.get("level").asText()).isEqualTo("INFO");
        assertThat(end.get("message").asText()).startsWith("user: complete: ");
        String run = end.get("run").asText();
        assertThat(lines).allSatisfy(line -> {
            assertThat(line.get("stream").asText()).isEqualTo("user");
            assertThat(line.get("run").asText()).isEqualTo(run);
            assertThat(line.get("node").asText()).isNotEmpty();
            assertThat(line.get("timestamp").asText()).endsWith("Z");
        });
        assertThat(lines).filteredOn(line -> line.has("page")).element(0).satisfies(page -> {
            assertThat(page.get("page").asInt()).isEqualTo(1);
            assertThat(page.get("records").asInt()).isEqualTo(5);
            assertThat(page.get("status").asText()).isEqualTo("running");
        });
        assertThat(lines).extracting(line -> line.get("message").asText()).contains("a step's \"line\"");
    }

    @Test
    void failureIsAnObjectWithItsStatusAndAttempts() {
        api.change(scenario -> scenario.onRequest(1, Fault.status(503)).fromRequest(2, Fault.status(401)));

        Ended ended = program.with("sync.log", "json").run("once");

        assertThat(ended.code()).isEqualTo(1);
        List<JsonNode> lines = objects(ended);
        assertThat(lines.get(0).get("level").asText()).isEqualTo("WARN");
        assertThat(lines.get(0).get("attempt").asInt()).isEqualTo(2);
        JsonNode end = lines.get(lines.size() - 1);
        assertThat(end.get("level").asText()).isEqualTo("ERROR");
        assertThat(end.get("status").asText()).isEqualTo("failed");
        assertThat(end.get("message").asText()).contains("HTTP 401");
    }

    @Test
    void reasonWhyTheStartFailsIsAnObjectToo() {
        Ended ended = program.with("sync.log", "json")
                .with("sync.database.url", "jdbc:unknown:x")
                .run("run");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(objects(ended)).singleElement().satisfies(line -> {
            assertThat(line.get("level").asText()).isEqualTo("ERROR");
            assertThat(line.get("message").asText()).startsWith("keyset-sync: database: 'unknown' is unknown");
        });
    }

    @Test
    void anotherFormatIsRefusedInOneLine() {
        Ended ended = program.with("sync.log", "xml").run("state", "show");

        assertThat(ended.code()).isEqualTo(2);
        assertThat(ended.stderr().strip()).isEqualTo("keyset-sync: sync.log 'xml' is neither text nor json");
    }

    private static String json(String settings) {
        return settings.replace("sync.log = text", "sync.log = json");
    }

    private static List<JsonNode> objects(Ended ended) {
        return ended.stderr().lines().map(JsonLogIT::object).toList();
    }

    private static JsonNode object(String line) {
        try {
            JsonNode read = JSON.readTree(line);
            assertThat(read.isObject()).as(line).isTrue();
            return read;
        } catch (IOException e) {
            throw new UncheckedIOException(line, e);
        }
    }
}
