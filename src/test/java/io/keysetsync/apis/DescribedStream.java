package io.keysetsync.apis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A stream as docs/apis.md describes it.
 *
 * @param source parameters of the source, as YAML
 * @param sink further parameters of the sink, as YAML; may be empty
 * @param files contents of the files in {@code routes} that the parameters name, by the files' names
 */
record DescribedStream(String source, String sink, Map<String, String> files) {

    private static final String ROUTE =
            """
            - route:
                id: %1$s
                from:
                  uri: kamelet:keyset-sync-source
                  parameters:
            %2$s
                  steps:
                    - to:
                        uri: kamelet:jdbc-upsert-sink
                        parameters:
                          stream: %1$s
                          schema: %3$s
            %4$s
            """;

    private static final Pattern SETTING = Pattern.compile("#property:([\\w.-]+)");

    String name() {
        Matcher name = Pattern.compile("^stream: (.+)$", Pattern.MULTILINE).matcher(source);
        assertThat(name.find()).as("a parameter 'stream' in %s", source).isTrue();
        return name.group(1);
    }

    /** The settings that the parameters name, each with the same value. */
    Map<String, String> settings(String value) {
        Map<String, String> settings = new TreeMap<>();
        SETTING.matcher(source)
                .results()
                .map(MatchResult::group)
                .forEach(each -> settings.put(each.substring("#property:".length()), value));
        return settings;
    }

    /**
     * Writes the stream's route, and the files that it names, into a folder.
     *
     * @param origin to ask instead of the hosts that the parameters name
     */
    Path writeTo(Path folder, String origin, String tableSchema) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        Path schema = Files.writeString(folder.resolve(name() + ".schema.json"), tableSchema);
        String here = source.replaceAll("(?m)^(\\w*[uU]rl: )https://[^/\\s]+", "$1" + origin)
                .replace("file:routes/", "file:" + folder + "/");
        return Files.writeString(
                folder.resolve(name() + ".camel.yaml"),
                ROUTE.formatted(
                        name(),
                        (here + "retryDelay: PT0S\n").indent(8).stripTrailing(),
                        "file:" + schema,
                        sink.indent(14).stripTrailing()));
    }
}
