package io.keysetsync.packaged;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.keysetsync.packaged.Program.Ended;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pages of 200 MiB, and a program that has 256 MiB of heap. */
class LargePageIT {

    private static final int MEBIBYTES = 200;

    private static final String BEGIN =
            "{\"data\": [{\"id\": \"1\", \"updatedAt\": \"2024-01-01T00:00:00Z\", \"name\": \"";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private HttpServer api;
    private Program program;

    @TempDir
    Path temp;

    @BeforeEach
    void start() throws IOException {
        api = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        api.setExecutor(threads);
        api.start();
        program = Program.in(temp)
                .with("sync.demo-api", false)
                .with("sync.user.url", "http://127.0.0.1:" + api.getAddress().getPort() + "/users")
                .parameter("maxPageSize", "300 MiB")
                .parameter("attempts", "1");
    }

    @AfterEach
    void stop() {
        program.close();
        api.stop(0);
        threads.shutdownNow();
    }

    private void serve(String begin, char filler, String end) {
        api.createContext("/users", exchange -> {
            byte[] block = new byte[1 << 20];
            Arrays.fill(block, (byte) filler);
            exchange.getResponseHeaders().set("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                body.write(begin.getBytes(UTF_8));
                for (int i = 0; i < MEBIBYTES; i++) {
                    body.write(block);
                }
                body.write(end.getBytes(UTF_8));
            }
        });
    }

    @Test
    void pageIsParsedAsItArrives() {
        serve(BEGIN + "a\"}", ' ', "], \"scroll_param\": null}");

        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(program.saved().statuses()).containsExactly("complete");
        assertThat(program.saved().cursor()).isEqualTo("2024-01-01T00:00:00Z");
    }

    @Test
    void runThatRunsOutOfMemoryEndsAsFailedInOneLine() {
        serve(BEGIN, 'x', "\"}], \"scroll_param\": null}");

        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isEqualTo(1);
        assertThat(ended.errors())
                .as(ended.stderr())
                .singleElement()
                .asString()
                .contains("stream user: out of memory (", "smaller pages", "JAVA_OPTS=-Xmx");
        assertThat(ended.stderr()).doesNotContain("\tat ");
        assertThat(program.saved().statuses()).containsExactly("failed");
    }
}
