package io.keysetsync.routes;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What the visual editor Kaoto needs of the files, shows of them, and keeps when it saves them. */
class KaotoTest {

    /** So many characters of a description fit over a narrow group, such as a {@code when}; under a step, about 16. */
    private static final int SHOWN = 12;

    private static final ObjectMapper YAML = new YAMLMapper();
    /** A comment, alone in its line or behind a value; a {@code #} within quotes or a word is none. */
    private static final Pattern COMMENT = Pattern.compile("^\\s*#|^[^\"]*\\s#|\"\\s+#[^\"]*$");

    static Stream<Path> files() throws IOException {
        return YamlTest.files();
    }

    static Stream<Path> kamelets() throws IOException {
        return YamlTest.kamelets();
    }

    @ParameterizedTest
    @MethodSource("kamelets")
    void kameletHasItsFlowWhereKaotoReadsIt(Path kamelet) throws IOException {
        JsonNode template = YAML.readTree(kamelet.toFile()).at("/spec/template");

        assertThat(template.fieldNames()).toIterable().containsExactly("beans", "from");
        assertThat(template.at("/from/uri").asText()).isNotBlank();
        assertThat(template.at("/from/steps")).isNotEmpty();
    }

    @ParameterizedTest
    @MethodSource("files")
    void descriptionsDifferInWhatTheCanvasShowsOfThem(Path file) throws IOException {
        List<String> shown = YAML.readTree(file.toFile()).findParents("id").stream()
                .map(step -> step.path("description").asText())
                .map(description -> description.substring(0, Math.min(SHOWN, description.length())))
                .toList();

        assertThat(shown).isNotEmpty().doesNotHaveDuplicates();
    }

    /** Kaoto writes none but those at the head of a file of routes. */
    @ParameterizedTest
    @MethodSource("files")
    void noCommentIsLostInASave(Path file) throws IOException {
        Stream<String> lines = Files.readAllLines(file).stream();
        if (kamelets().noneMatch(file::equals)) {
            lines = lines.dropWhile(line -> line.isEmpty() || line.startsWith("#"));
        }

        assertThat(lines.filter(COMMENT.asPredicate())).isEmpty();
    }

    @Test
    void theCatalogueFindsAllKameletsByKeysetAndShowsDifferentIcons() throws IOException {
        List<String> icons = new ArrayList<>();
        for (Path file : kamelets().toList()) {
            JsonNode kamelet = YAML.readTree(file.toFile());
            String searched = kamelet.at("/metadata/name").asText()
                    + kamelet.at("/spec/definition/title").asText()
                    + kamelet.at("/spec/definition/description").asText();
            assertThat(searched.toLowerCase(Locale.ROOT)).contains("keyset");
            icons.add(svg(kamelet.at("/metadata/annotations/camel.apache.org~1kamelet.icon")
                    .asText()));
        }

        assertThat(icons).hasSize(4).doesNotHaveDuplicates().allMatch(icon -> icon.startsWith("<svg "));
    }

    /** After an edit, Kaoto adds the Kamelet's name as the parameter {@code templateId}. */
    @Test
    void streamThatKaotoSavedSyncs() throws Exception {
        String saved = Pattern.compile("uri: kamelet:(\\S+)\\s+parameters:(\\s+)")
                .matcher(Files.readString(Path.of("routes/user.camel.yaml")))
                .replaceAll("$0templateId: $1$2");
        assertThat(saved).contains("templateId: keyset-sync-source", "templateId: jdbc-upsert-sink");
        TestDatabase database = TestDatabase.h2();

        try (ScenarioApi api = ScenarioApi.of(Feed.users(12)).start();
                DefaultCamelContext context = new DefaultCamelContext()) {
            context.getRegistry().bind("dataSource", database.dataSource());
            RunsByHand.in(context);
            context.getPropertiesComponent().addInitialProperty("sync.user.url", api.url());
            context.getPropertiesComponent().addInitialProperty("sync.user.schedule", "0 * * * * ?");
            PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("user.camel.yaml", saved));
            context.start();
            ShippedRoutes.sync(context, "user");
        }

        assertThat(database.jdbc().queryForObject("SELECT COUNT(*) FROM \"user\"", Integer.class))
                .isEqualTo(12);
        assertThat(database.cursor("user")).isEqualTo("2024-01-01T00:11:00Z");
    }

    private static String svg(String dataUri) {
        byte[] content = Base64.getDecoder().decode(dataUri.substring(dataUri.indexOf(',') + 1));
        return new String(content, StandardCharsets.UTF_8);
    }
}
