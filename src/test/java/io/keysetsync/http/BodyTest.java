package io.keysetsync.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.ScenarioApi;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Bodies that are compressed in unusual ways, and answers without a body. */
@Timeout(60)
class BodyTest {

    private static final String PAGE =
            "{\"data\":[{\"id\":\"1\",\"updatedAt\":\"2024-01-01T00:00:00Z\"},{\"id\":\"2\",\"updatedAt\":\"2024-01-01T00:00:01Z\"}]}";

    private static SyncedStream stream(String url) {
        return SyncedStream.start(Map.of("url", url));
    }

    private static byte[] gzip(String text) throws IOException {
        ByteArrayOutputStream zipped = new ByteArrayOutputStream();
        try (OutputStream gzip = new GZIPOutputStream(zipped)) {
            gzip.write(text.getBytes(UTF_8));
        }
        return zipped.toByteArray();
    }

    private static void chunk(OutputStream out, byte[] bytes) throws IOException {
        RawServer.write(out, Integer.toHexString(bytes.length) + "\n");
        out.write(bytes);
        RawServer.write(out, "\n");
    }

    /** Each text is a member, which arrives 300 ms after the one before. */
    private static RawServer members(String encoding, String... texts) {
        return new RawServer(out -> {
            RawServer.write(out, "HTTP/1.1 200 OK\nContent-Encoding: " + encoding + "\nTransfer-Encoding: chunked\n\n");
            for (String text : texts) {
                chunk(out, gzip(text));
                TimeUnit.MILLISECONDS.sleep(300); // the server's pace, not the test's
            }
            RawServer.write(out, "0\n\n");
        });
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 40})
    void aPageOfSeveralGzipMembersIsReadHoweverLateTheyAre(int cut) throws Exception {
        try (RawServer api = members("gzip", PAGE.substring(0, cut), PAGE.substring(cut), "", " ");
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(2);
            assertThat(api.requests()).isEqualTo(1);
        }
    }

    @Test
    void theOldNameOfGzipIsKnown() throws Exception {
        try (RawServer api = members("X-GZip", PAGE);
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
        }
    }

    @Test
    void gzipAloneIsAskedFor() {
        try (ScenarioApi api = ScenarioApi.of(Feed.users(3)).gzip().start();
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");

            assertThat(stream.rows()).isEqualTo(3);
            assertThat(api.requests())
                    .extracting((Request request) -> request.header("accept-encoding"))
                    .containsExactly("gzip, x-gzip");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"br", "zstd", "deflate", "gzip, br", "compress"})
    void anEncodingThatWasNotAskedForIsNamed(String encoding) throws Exception {
        String head = "HTTP/1.1 200 OK\nContent-Encoding: " + encoding + "\nContent-Length: 4\n\n";
        try (RawServer api = RawServer.answering(head, new byte[] {1, 2, 3, 4});
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error())
                    .contains(
                            "stream people: the response has the encoding '" + encoding + "', which was not asked for")
                    .contains("(2 attempts)");
            assertThat(api.requests()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP/1.1 204 No Content\\n\\n",
        "HTTP/1.1 200 OK\\nContent-Length: 0\\n\\n",
        "HTTP/1.1 200 OK\\nContent-Type: application/json\\n\\n",
        "HTTP/1.1 200 OK\\nTransfer-Encoding: chunked\\n\\n0\\n\\n",
        "HTTP/1.1 200 OK\\nContent-Encoding: gzip\\nContent-Length: 0\\n\\n",
        "HTTP/1.1 200 OK\\nContent-Encoding: gzip\\nTransfer-Encoding: chunked\\n\\n0\\n\\n"
    })
    void anAnswerWithoutABodyIsEmptyAndNoPage(String answer) throws Exception {
        try (RawServer api = RawServer.answering(
                        answer.replaceFirst("\\\\n", "\nConnection: close\n").replace("\\n", "\n"), new byte[0]);
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error())
                    .startsWith("stream people: the response is empty (HTTP 20")
                    .endsWith(") (2 attempts)");
            assertThat(api.requests()).isEqualTo(2);
        }
    }

    @Test
    void nullIsABody() throws Exception {
        try (RawServer api = RawServer.answering("HTTP/1.1 200 OK\n\n", "null".getBytes(UTF_8));
                SyncedStream stream = stream(api.url())) {
            assertThat(stream.run()).isEqualTo("failed");

            assertThat(stream.error()).contains("the response has no 'data' (HTTP 200, no type) (2 attempts)");
        }
    }
}
