package io.keysetsync.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.util.AntPathMatcher;

/**
 * Where the routes' files are: the folders that {@code camel.main.routes-include-pattern} and
 * {@code camel.component.kamelet.location} name.
 *
 * @param streams the patterns of files with routes
 */
record RouteFolders(List<String> streams, Set<Path> folders) {

    private static final String FILE = "file:";

    /** What editors leave beside a file while they write it has other names. */
    private static final Pattern OF_ROUTES = Pattern.compile("[^.].*\\.(ya?ml|xml|json)");

    static RouteFolders of(CamelContext context) {
        List<String> streams = files(context, "camel.main.routes-include-pattern");
        Set<Path> folders = new TreeSet<>();
        streams.forEach(pattern -> folders.add(Path.of(pattern.replaceFirst("[^/]*$", ""))));
        files(context, "camel.component.kamelet.location").forEach(folder -> folders.add(Path.of(folder)));
        return new RouteFolders(streams, folders);
    }

    private static List<String> files(CamelContext context, String setting) {
        String places =
                context.getPropertiesComponent().resolveProperty(setting).orElse("");
        return Arrays.stream(places.split(","))
                .map(String::strip)
                .filter(place -> place.startsWith(FILE))
                .map(place -> place.substring(FILE.length()))
                .toList();
    }

    /** Whether a file has routes, and is not only named by one that has. */
    boolean hasRoutes(String file) {
        return streams.stream().anyMatch(pattern -> AntPathMatcher.INSTANCE.match(pattern, file));
    }

    /** The files as they are now; they may change while they are read. */
    RouteFiles read() throws IOException {
        Map<String, String> texts = new HashMap<>();
        for (Path folder : folders.stream().filter(Files::isDirectory).toList()) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(RouteFolders::isOfRoutes).toList()) {
                    texts.put(name(file), text(file));
                }
            }
        }
        texts.put(RouteFiles.SETTINGS, text(Path.of(RouteFiles.SETTINGS)));
        return new RouteFiles(texts);
    }

    private static boolean isOfRoutes(Path file) {
        return OF_ROUTES.matcher(file.getFileName().toString()).matches() && Files.isRegularFile(file);
    }

    static String name(Path file) {
        return file.normalize().toString().replace('\\', '/');
    }

    /** Whatever the bytes are: what is no text is for the parser to refuse. */
    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
