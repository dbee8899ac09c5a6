package io.keysetsync.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReadmeTest {

    private static final Pattern EXCERPT =
            Pattern.compile("<!-- excerpt of (\\S+) -->\n```yaml\n(.*?)```", Pattern.DOTALL);
    /** Stands for lines of the file that the excerpt leaves out. */
    private static final String GAP = "# …";

    private static final Pattern LINK = Pattern.compile("]\\(([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern HEADING = Pattern.compile("^#+ (.*)$", Pattern.MULTILINE);

    @Test
    void showsTheLoopAsItIs() throws IOException {
        Matcher excerpt = EXCERPT.matcher(Files.readString(Path.of("docs/how-it-works.md")));
        assertThat(excerpt.find()).isTrue();
        String file = unindented(Files.readString(Path.of(excerpt.group(1))).lines());

        int at = 0;
        for (String part : excerpt.group(2).split(" *" + GAP + "\n", -1)) {
            String lines = "\n" + unindented(part.lines());
            int found = file.indexOf(lines, at);
            assertThat(found)
                    .as("in %s, after what precedes it:%s", excerpt.group(1), lines)
                    .isNotNegative();
            at = found + lines.length() - 1;
        }
    }

    private static String unindented(Stream<String> lines) {
        return String.join("\n", lines.map(String::strip).toList()) + "\n";
    }

    static Stream<Path> pages() throws IOException {
        List<Path> pages =
                new ArrayList<>(List.of(Path.of("README.md"), Path.of("CONTRIBUTING.md"), Path.of("CHANGELOG.md")));
        try (Stream<Path> docs = Files.walk(Path.of("docs"))) {
            docs.filter(file -> file.toString().endsWith(".md")).forEach(pages::add);
        }
        return pages.stream();
    }

    @ParameterizedTest
    @MethodSource("pages")
    void everyLinkLeadsSomewhere(Path page) throws IOException {
        List<String> broken = new ArrayList<>();
        Matcher link = LINK.matcher(Files.readString(page));
        while (link.find()) {
            if (!link.group(1).contains("://") && !leadsSomewhere(page, link.group(1), link.group(2))) {
                broken.add(link.group());
            }
        }

        assertThat(broken).isEmpty();
    }

    private static boolean leadsSomewhere(Path page, String file, @Nullable String heading) throws IOException {
        Path target = file.isEmpty() ? page : page.resolveSibling(file);
        if (heading == null || !Files.isRegularFile(target)) {
            return Files.exists(target);
        }
        return HEADING.matcher(Files.readString(target)).results().anyMatch(found -> anchor(found.group(1))
                .equals(heading));
    }

    /** A heading's anchor, as GitHub makes it. */
    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .replace(' ', '-');
    }
}
