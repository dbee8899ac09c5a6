package io.keysetsync.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import io.keysetsync.scenario.ScenarioApi;
import io.keysetsync.sync.RunsByHand;
import io.keysetsync.sync.ShippedRoutes;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stream of {@code docs/another-sink.md}, as it stands there. */
class AnotherSinkTest {

    private static final String STREAM = "user-files";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final TestDatabase database = TestDatabase.h2();
    private final Feed feed = Feed.users(25);

    @TempDir
    private Path folder;

    @TempDir
    private Path elsewhere;

    @Test
    void everyPageIsAFileOfLines() throws Exception {
        feed.put(FeedRecord.user("26", "2024-01-01T00:25:00Z").with("address", "two\nlines"));
        try (ScenarioApi api = ScenarioApi.of(feed).pageSize(10).start();
                DefaultCamelContext context = context(api)) {
            ShippedRoutes.sync(context, STREAM);
        }

        assertThat(pages()).extracting(List::size).containsExactly(10, 10, 6);
        assertThat(ids()).containsExactlyElementsOf(users(1, 26));
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T00:25:00Z");
    }

    @Test
    void emptyPageIsNoFile() throws Exception {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(0)).start();
                DefaultCamelContext context = context(api)) {
            ShippedRoutes.sync(context, STREAM);
        }

        assertThat(pages()).isEmpty();
        assertThat(status()).containsExactly("complete");
    }

    @Test
    void pageThatCanNotBeWrittenComesAgainAndNothingIsLost() throws Exception {
        Path aside = elsewhere.resolve("aside");
        try (ScenarioApi api = ScenarioApi.of(feed)
                        .pageSize(10)
                        .onRequest(2, unused -> replaceByAFile(aside))
                        .start();
                DefaultCamelContext context = context(api)) {
            ShippedRoutes.sync(context, STREAM);

            assertThat(status()).containsExactly("failed");
            assertThat(database.cursor(STREAM)).as("page 1 alone").isEqualTo("2024-01-01T00:08:00Z");
            Files.delete(folder);
            Files.move(aside, folder);
            assertThat(ids()).as("page 1 alone, and no half line").containsExactlyElementsOf(users(1, 10));

            ShippedRoutes.sync(context, STREAM);
        }

        assertThat(status()).containsExactly("failed", "complete");
        assertThat(ids().subList(10, 20)).as("page 2, from the cursor on").containsExactlyElementsOf(users(9, 18));
        assertThat(ids()).containsAll(users(1, 25));
        assertThat(database.cursor(STREAM)).isEqualTo("2024-01-01T00:24:00Z");
    }

    /** Once page 1 is saved, the disk that the folder is on is gone, and something else stands there. */
    private void replaceByAFile(Path aside) {
        await().ignoreExceptions().until(() -> database.cursor(STREAM) != null);
        try {
            Files.move(folder, aside);
            Files.createFile(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private DefaultCamelContext context(ScenarioApi api) throws Exception {
        String page = Files.readString(Path.of("docs/another-sink.md"));
        int begin = page.indexOf("```yaml\n", page.indexOf("## Files")) + "```yaml\n".length();
        String yaml = page.substring(begin, page.indexOf("```", begin));
        DefaultCamelContext context = new DefaultCamelContext();
        context.getRegistry().bind("dataSource", database.dataSource());
        RunsByHand.in(context);
        context.getPropertiesComponent().addInitialProperty("sync.user.url", api.url());
        context.getPropertiesComponent().addInitialProperty("sync.user.schedule", "0 * * * * ?");
        context.getPropertiesComponent().addInitialProperty("sync.user-files.folder", folder.toString());
        PluginHelper.getRoutesLoader(context).loadRoutes(ResourceHelper.fromString("user-files.camel.yaml", yaml));
        context.start();
        return context;
    }

    /** The records of each file, in the order of the files' names; every line must be JSON, and end. */
    private List<List<JsonNode>> pages() throws IOException {
        List<List<JsonNode>> pages = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                assertThat(file.getFileName().toString()).endsWith(".jsonl");
                String content = Files.readString(file);
                assertThat(content).endsWith("\n");
                List<JsonNode> records = new ArrayList<>();
                for (String line : content.lines().toList()) {
                    records.add(JSON.readTree(line));
                }
                pages.add(records);
            }
        }
        return pages;
    }

    private List<String> ids() throws IOException {
        return pages().stream()
                .flatMap(List::stream)
                .map(record -> record.path("id").asText())
                .toList();
    }

    private static List<String> users(int first, int last) {
        return IntStream.rangeClosed(first, last).mapToObj(Integer::toString).toList();
    }

    private List<Object> status() {
        return database.runs(STREAM).stream().map(run -> run.get("status")).toList();
    }
}
