package io.keysetsync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;

/** The tables of {@code docs/settings.md}; {@code mvn test -Dtest=SettingsPageTest -Dupdate.docs=true} rewrites them. */
class SettingsPageTest {

    private static final Path PAGE = Path.of("docs/settings.md");
    private static final ObjectMapper YAML = new YAMLMapper();

    @Test
    void listsEverySettingAsTheSourceDefinesIt() throws IOException {
        String page = Files.readString(PAGE);
        String generated = page;
        for (String kamelet :
                List.of("keyset-sync-source", "jdbc-upsert-sink", "jq-records-action", "sync-events-source")) {
            JsonNode definition = YAML.readTree(
                            Path.of("routes", kamelet + ".kamelet.yaml").toFile())
                    .at("/spec/definition");
            generated = withSection(generated, kamelet, parameters(definition));
        }
        generated = withSection(
                generated, "application.properties", properties(Files.readString(Path.of("application.properties"))));

        if (Boolean.getBoolean("update.docs")) {
            Files.writeString(PAGE, generated);
        } else {
            assertThat(page).as("rewrite it with -Dupdate.docs=true").isEqualTo(generated);
        }
    }

    private static String withSection(String page, String name, String content) {
        String begin = "<!-- begin " + name + " -->\n";
        String end = "<!-- end " + name + " -->";
        assertThat(page).contains(begin, end);
        return page.substring(0, page.indexOf(begin) + begin.length()) + content + page.substring(page.indexOf(end));
    }

    private static String parameters(JsonNode definition) {
        Set<String> required = new TreeSet<>();
        definition.path("required").forEach(name -> required.add(name.asText()));
        StringBuilder table =
                new StringBuilder("| parameter | type | default | meaning |\n| --- | --- | --- | --- |\n");
        definition.path("properties").properties().forEach(parameter -> {
            JsonNode of = parameter.getValue();
            table.append(row(
                    code(parameter.getKey()),
                    of.path("type").asText(),
                    required.contains(parameter.getKey())
                            ? "required"
                            : code(of.path("default").asText()),
                    meaning(of)));
        });
        return table.toString();
    }

    private static String meaning(JsonNode parameter) {
        List<String> sentences = new ArrayList<>();
        sentences.add("**" + parameter.path("title").asText() + ".** "
                + parameter.path("description").asText());
        if (parameter.has("enum")) {
            sentences.add("One of "
                    + StreamSupport.stream(parameter.path("enum").spliterator(), false)
                            .map(value -> code(value.asText()))
                            .collect(Collectors.joining(", "))
                    + ".");
        }
        if (parameter.has("example")) {
            sentences.add("Example: " + code(parameter.path("example").asText()) + ".");
        }
        return String.join(" ", sentences);
    }

    /** A table for each paragraph of the file, under the paragraph's comment. */
    private static String properties(String file) {
        StringBuilder sections = new StringBuilder();
        for (String paragraph : file.strip().split("\n\n", -1)) {
            StringBuilder table = new StringBuilder("\n| key | environment | value |\n| --- | --- | --- |\n");
            for (String line : paragraph.lines().toList()) {
                if (line.startsWith("#")) {
                    sections.append('\n').append(line.substring(1).strip()).append('\n');
                } else {
                    String[] setting = line.split("=", 2);
                    String key = setting[0].strip();
                    table.append(row(code(key), environment(key), code(setting[1].strip())));
                }
            }
            sections.append(table);
        }
        return sections.append('\n').toString();
    }

    /** Of Camel's own keys, not every one can be set by the environment. */
    private static String environment(String key) {
        return key.startsWith("sync.") ? code(key.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_")) : "";
    }

    private static String code(String text) {
        return text.isEmpty() ? "empty" : "`" + text + "`";
    }

    private static String row(String... cells) {
        return "| " + String.join(" | ", cells) + " |\n";
    }
}
