package io.keysetsync.apis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The page docs/apis.md: its examples, and the table of further APIs. */
final class ApisPage {

    private static final Pattern YAML = Pattern.compile("```yaml\\n((?:(?!```).*\\n)+)```");
    private static final Pattern JSON = Pattern.compile("```json\\n((?:(?!```).*\\n)+)```");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern FILE = Pattern.compile("(body|loginBody): (\\{.+})");
    private static final Pattern OF_SINK = Pattern.compile("delete(dField|Mode): .+");

    /** What a line of the table leaves to the reader, by its {@code auth}. */
    private static final Map<String, String> CREDENTIALS = Map.of(
            "basic",
            """
            username: user
            password: "#property:sync.password"
            """,
            "bearer",
            """
            token: "#property:sync.token"
            """,
            "apiKey",
            """
            token: "#property:sync.token"
            """,
            "oauth2",
            """
            tokenUrl: https://api.example.com/oauth/token
            clientId: client
            clientSecret: "#property:sync.client-secret"
            """,
            "session",
            """
            loginUrl: https://api.example.com/login
            username: user
            password: "#property:sync.password"
            """);

    private final String text;

    private ApisPage(String text) {
        this.text = text;
    }

    static ApisPage read() {
        try {
            return new ApisPage(Files.readString(Path.of("docs/apis.md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The examples by their headings. */
    Map<String, DescribedStream> examples() {
        Map<String, DescribedStream> examples = new LinkedHashMap<>();
        for (String section : section("Examples").split("\\n### ", -1)) {
            Matcher yaml = YAML.matcher(section);
            if (yaml.find()) {
                examples.put(section.lines().findFirst().orElseThrow(), example(section, yaml.group(1)));
            }
        }
        return examples;
    }

    /** The first block has the source's parameters, another one those of the sink, and one of JSON the body. */
    private static DescribedStream example(String section, String source) {
        String sink = YAML.matcher(section)
                .results()
                .skip(1)
                .map(block -> block.group(1))
                .collect(Collectors.joining());
        DescribedStream plain = new DescribedStream(source, sink, Map.of());
        Matcher body = JSON.matcher(section);
        return body.find()
                ? new DescribedStream(source, sink, Map.of(plain.name() + ".request.json", body.group(1)))
                : plain;
    }

    /** The lines of the table of further APIs, by API and stream. */
    Map<String, DescribedStream> furtherApis() {
        Map<String, DescribedStream> streams = new LinkedHashMap<>();
        for (List<String> cells : lines("Further APIs")) {
            assertThat(streams.put(cells.get(0), further(cells)))
                    .as(cells.get(0))
                    .isNull();
        }
        return streams;
    }

    /** The examples that the table of further APIs names, as they are linked. */
    List<String> likeExamples() {
        return lines("Further APIs").stream().map(cells -> cells.get(1)).toList();
    }

    private static DescribedStream further(List<String> cells) {
        String stream = cells.get(0).toLowerCase(Locale.ROOT).replaceAll("\\W+", "_");
        StringBuilder source =
                new StringBuilder("stream: " + stream + "\nurl: https://api.example.com/" + stream + "\n");
        Map<String, String> files = new TreeMap<>();
        for (String parameter : code(cells.get(2))) {
            Matcher file = FILE.matcher(parameter);
            if (file.matches()) {
                String name = stream + "." + file.group(1) + ".json";
                files.put(name, file.group(2));
                source.append(file.group(1))
                        .append(": file:routes/")
                        .append(name)
                        .append('\n');
            } else {
                source.append(parameter).append('\n');
            }
            if (parameter.startsWith("auth: ")) {
                source.append(CREDENTIALS.get(parameter.substring("auth: ".length())));
            }
        }
        String sink =
                code(cells.get(3)).stream().filter(OF_SINK.asMatchPredicate()).collect(Collectors.joining("\n"));
        return new DescribedStream(source.toString(), sink, files);
    }

    private static List<String> code(String cell) {
        return CODE.matcher(cell).results().map(each -> each.group(1)).toList();
    }

    /** The cells of a section's table, without its head. */
    private List<List<String>> lines(String heading) {
        return section(heading)
                .lines()
                .filter(line -> line.startsWith("| "))
                .skip(2)
                .map(line -> List.of(line.substring(2, line.length() - 2).split(" \\| ", -1)))
                .map(cells ->
                        cells.stream().map(cell -> cell.replace("\\|", "|")).toList())
                .toList();
    }

    private String section(String heading) {
        String begin = "\n## " + heading + "\n";
        int from = text.indexOf(begin);
        assertThat(from).as("section %s", heading).isNotNegative();
        int to = text.indexOf("\n## ", from + 1);
        return text.substring(from + begin.length(), to < 0 ? text.length() : to);
    }
}
