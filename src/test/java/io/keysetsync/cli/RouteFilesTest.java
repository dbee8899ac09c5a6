package io.keysetsync.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteFilesTest {

    private static final RouteFiles FILES = new RouteFiles(Map.of(
            "routes/user.camel.yaml",
                    "from: kamelet:api-source?url={{sync.user.url}}, to: file:routes/user.schema.json",
            "routes/other.camel.yaml", "from: kamelet:file-source",
            "routes/api-source.kamelet.yaml", "to: kamelet:note-action",
            "routes/note-action.kamelet.yaml", "to: log:note",
            "routes/file-source.kamelet.yaml", "from: file:in",
            "routes/user.schema.json", "{}",
            "application.properties", "sync.user.url = http://one\nsync.other = 1\n"));

    @Test
    void aChangeReachesAllThatNameItAlsoByWayOfOthers() {
        assertThat(changed("routes/note-action.kamelet.yaml", "to: log:other").affectedSince(FILES))
                .containsExactlyInAnyOrder(
                        "routes/note-action.kamelet.yaml", "routes/api-source.kamelet.yaml", "routes/user.camel.yaml");
    }

    @Test
    void aStreamIsReachedByItsSchemaAndByNoOthers() {
        assertThat(changed("routes/user.schema.json", "[]").affectedSince(FILES))
                .containsExactlyInAnyOrder("routes/user.schema.json", "routes/user.camel.yaml");
        assertThat(changed("routes/other.camel.yaml", "from: timer:x").affectedSince(FILES))
                .containsExactly("routes/other.camel.yaml");
    }

    @Test
    void aSettingReachesThoseThatNameIt() {
        assertThat(changed("application.properties", "sync.user.url = http://two\nsync.other = 1\n")
                        .affectedSince(FILES))
                .containsExactly("routes/user.camel.yaml");
        assertThat(changed("application.properties", "sync.user.url = http://one\n# a comment\n")
                        .affectedSince(FILES))
                .isEmpty();
    }

    @Test
    void aFileThatIsNewOrGoneIsAChange() {
        RouteFiles without = FILES.with("routes/file-source.kamelet.yaml", new RouteFiles(Map.of()));

        assertThat(without.affectedSince(FILES))
                .isEqualTo(FILES.affectedSince(without))
                .containsExactly("routes/file-source.kamelet.yaml", "routes/other.camel.yaml");
        assertThat(without.kameletsChangedSince(FILES)).containsExactly("file-source");
        assertThat(without.with("routes/file-source.kamelet.yaml", FILES)).isEqualTo(FILES);
    }

    private static RouteFiles changed(String file, String text) {
        Map<String, String> texts = new HashMap<>(FILES.texts());
        texts.put(file, text);
        return new RouteFiles(texts);
    }
}
