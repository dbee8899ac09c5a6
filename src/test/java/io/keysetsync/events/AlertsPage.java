package io.keysetsync.events;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The examples of {@code docs/alerts.md}, by their names. */
public final class AlertsPage {

    private AlertsPage() {}

    /** An example's file of routes. */
    public static String yaml(String alert) throws IOException {
        return block("<!-- alert " + alert + ": routes/alerts.camel.yaml -->\n```yaml\n");
    }

    /** What an example has in {@code application.properties}; empty if it needs nothing there. */
    public static Properties settings(String alert) throws IOException {
        Properties settings = new Properties();
        String begin = "<!-- settings of " + alert + " -->\n```properties\n";
        if (page().contains(begin)) {
            settings.load(new StringReader(block(begin)));
        }
        return settings;
    }

    private static String block(String begin) throws IOException {
        Matcher block = Pattern.compile(Pattern.quote(begin) + "(.*?)```", Pattern.DOTALL)
                .matcher(page());
        assertThat(block.find()).as(begin).isTrue();
        return block.group(1);
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("docs", "alerts.md"));
    }
}
