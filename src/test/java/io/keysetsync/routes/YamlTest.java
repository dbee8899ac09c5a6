package io.keysetsync.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.dsl.yaml.YamlRoutesBuilderLoader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class YamlTest {

    private static final ObjectMapper YAML = new YAMLMapper();
    /** What is not a step of its own, but part of one, or stands outside the flow. */
    private static final Set<String> WITHOUT_ID = Set.of("expression", "json", "parameters", "exception");

    private static final JsonSchema CAMEL = camelSchema();

    private static JsonSchema camelSchema() {
        try (InputStream schema = YamlRoutesBuilderLoader.class.getResourceAsStream("/schema/camelYamlDsl.json")) {
            return JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V4).getSchema(schema);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    static Stream<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).toList().stream();
        }
    }

    static Stream<Path> kamelets() throws IOException {
        return files().filter(file -> file.toString().endsWith(".kamelet.yaml"));
    }

    @ParameterizedTest
    @MethodSource("files")
    void isValidByCamelsOwnSchema(Path file) throws IOException {
        assertThat(CAMEL.validate(routes(file)).stream().map(ValidationMessage::getMessage))
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void givesEveryStepAnIdAndADescription(Path file) throws IOException {
        List<String> incomplete = new ArrayList<>();
        findSteps(routes(file), incomplete);

        assertThat(incomplete).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void kameletTellsEditorsWhatItsParametersAre(Path file) throws IOException {
        JsonNode kamelet = YAML.readTree(file.toFile());

        assertThat(kamelet.at("/metadata/annotations/camel.apache.org~1kamelet.icon")
                        .asText())
                .startsWith("data:image/svg+xml;base64,");
        assertThat(kamelet.at("/metadata/name").asText() + ".kamelet.yaml")
                .isEqualTo(file.getFileName().toString());
        kamelet.at("/spec/definition/properties").properties().forEach(parameter -> {
            JsonNode value = parameter.getValue();
            assertThat(value.path("title").asText()).as(parameter.getKey()).isNotBlank();
            assertThat(value.path("description").asText())
                    .as(parameter.getKey())
                    .endsWith(".");
            assertThat(value.path("type").asText()).as(parameter.getKey()).isIn("string", "integer", "boolean");
        });
    }

    @Test
    void theJarHasTheKameletsThatUsersEdit() throws IOException {
        for (Path file : kamelets().toList()) {
            try (InputStream inJar = YamlTest.class.getResourceAsStream("/kamelets/" + file.getFileName())) {
                assertThat(inJar).hasBinaryContent(Files.readAllBytes(file));
            }
        }
    }

    /** The file's routes; a Kamelet's template as the route template that Camel makes of it. */
    private static ArrayNode routes(Path file) throws IOException {
        JsonNode content = YAML.readTree(file.toFile());
        if (content instanceof ArrayNode routes) {
            return routes;
        }
        ObjectNode template = content.at("/spec/template").deepCopy();
        template.put("id", content.at("/metadata/name").asText());
        ArrayNode routes = YAML.createArrayNode();
        routes.addObject().set("routeTemplate", template);
        return routes;
    }

    private static void findSteps(JsonNode node, List<String> incomplete) {
        if (node instanceof ArrayNode array) {
            array.forEach(each -> findSteps(each, incomplete));
        }
        node.properties().forEach(field -> {
            if (field.getKey().equals("steps")) {
                field.getValue().forEach(step -> step.properties().forEach(eip -> check(eip.getValue(), incomplete)));
            } else if (field.getKey().equals("from") || field.getKey().equals("doCatch")) {
                (field.getValue().isArray()
                                ? field.getValue()
                                : YAML.createArrayNode().add(field.getValue()))
                        .forEach(part -> check(part, incomplete));
            }
            if (!WITHOUT_ID.contains(field.getKey())) {
                findSteps(field.getValue(), incomplete);
            }
        });
    }

    private static void check(JsonNode step, List<String> incomplete) {
        if (step.path("id").asText().isEmpty()
                || step.path("description").asText().isEmpty()) {
            String text = step.toString();
            incomplete.add(text.substring(0, Math.min(200, text.length())));
        }
    }
}
