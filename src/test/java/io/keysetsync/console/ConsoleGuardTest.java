package io.keysetsync.console;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.keysetsync.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may ask the console for what. */
class ConsoleGuardTest {

    @TempDir
    private Path folder;

    /** With the settings as they are by default. */
    private static ServedStreams served;

    @BeforeAll
    static void serveByDefault(@TempDir Path place) throws Exception {
        served = new ServedStreams(place, Map.of(), "user");
        served.sync("user");
    }

    @AfterAll
    static void close() throws Exception {
        served.close();
    }

    private ServedStreams serve(Map<String, String> settings) throws Exception {
        return new ServedStreams(folder, settings, "user");
    }

    private HttpRequest.Builder plain(ServedStreams served, String path) {
        return HttpRequest.newBuilder(URI.create(served.address() + path));
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "localhost,           200",
                "LOCALHOST,           200",
                "127.0.0.1,           200",
                "127.1.2.3,           200",
                "[::1],               200",
                "evil.example,        403",
                "localhost.evil.example, 403",
                "127.0.0.1.evil.example, 403",
                "0.0.0.0,             403",
                "192.168.0.1,         403",
            })
    void loopbackAnswersToLoopbackNamesAlone(String host, int status) throws Exception {
        String authorization = "Authorization: Bearer " + served.token();
        for (String port : List.of("", ":" + served.port())) {
            assertThat(served.raw("GET /api/streams HTTP/1.1", "Host: " + host + port, authorization))
                    .contains(" " + status + " ");
        }
        assertThat(served.raw("GET /observe/health/x HTTP/1.1", "Host: " + host))
                .contains(" 404 "); // let through
    }

    @Test
    void requestWithoutHostIsRefused() throws Exception {
        assertThat(served.raw("GET /api/streams HTTP/1.0", "Authorization: Bearer " + served.token()))
                .doesNotContain(" 200 ");
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "none",
            value = {
                "keyset-sync, none,                    202",
                "keyset-sync, own,                     202",
                "keyset-sync, http://evil.example,     403",
                "keyset-sync, null,                    403",
                "keyset-sync, http://127.0.0.1:1,      403",
                "none,        none,                    403",
                "none,        own,                     403",
                "XMLHttpRequest, own,                  403",
            })
    void changeNeedsTheHeaderAndNoForeignOrigin(String with, String origin, int status) throws Exception {
        HttpRequest.Builder request = plain(served, "/api/streams/user/pause")
                .header("Authorization", "Bearer " + served.token())
                .POST(BodyPublishers.noBody());
        if (with != null) {
            request.header("X-Requested-With", with);
        }
        if (origin != null) {
            request.header("Origin", origin.equals("own") ? served.address() : origin);
        }

        assertThat(served.send(request).statusCode()).isEqualTo(status);
        assertThat(served.json("/api/streams").get(0).path("paused").asBoolean())
                .isEqualTo(status == 202);
        served.post("/api/streams/user/resume", "");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/api/streams",
                "/api/program",
                "/api/quarantine",
                "/page/index.html",
                "/lib/x.js",
                "/nothing",
                "//api/streams",
                "/observe/../api/streams",
                "/observe/%2e%2e/api/streams",
                "/observe/health/../../api/streams",
                "/observe/health/%2e%2e/%2e%2e/api/streams"
            })
    void whoHasNoTokenSeesNothing(String path) throws Exception {
        for (String authorization : List.of("", "Authorization: Bearer x", "Authorization: Basic eDp4")) {
            String answer = served.raw("GET " + path + " HTTP/1.1", "Host: localhost", authorization);
            assertThat(answer).containsAnyOf(" 401 ", " 404 ", " 400 ");
        }
    }

    @Test
    void linkIsTradedForACookieThatOnlyThisOriginSends() throws Exception {
        HttpResponse<String> traded = served.send(plain(served, "/?token=" + served.token()));

        assertThat(traded.statusCode()).isEqualTo(303);
        assertThat(traded.headers().firstValue("Location")).contains("/");
        assertThat(traded.headers().firstValue("Referrer-Policy")).contains("no-referrer");
        String cookie = traded.headers().firstValue("Set-Cookie").orElseThrow();
        assertThat(cookie)
                .startsWith("keyset-sync-" + served.port() + "=" + served.token())
                .containsIgnoringCase("HttpOnly")
                .contains("SameSite=Strict")
                .contains("Path=/");

        HttpResponse<String> page = served.send(plain(served, "/").header("Cookie", cookie.replaceFirst(";.*", "")));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type").orElseThrow()).startsWith("text/html");
        assertThat(page.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'self'")
                .contains("frame-ancestors 'none'");
        assertThat(served.send(plain(served, "/?token=wrong")).statusCode()).isEqualTo(401);
    }

    @Test
    void tokenIsItsOwnersAloneAndEndsWithTheProgram() throws Exception {
        Path file;
        try (ServedStreams served = serve(Map.of())) {
            String ofSession = System.getenv("XDG_RUNTIME_DIR");
            Path place = ofSession == null || ofSession.isEmpty() || !Files.isWritable(Path.of(ofSession))
                    ? folder
                    : Path.of(ofSession);
            file = place.resolve("console-" + served.port() + ".token");
            assertThat(Files.readString(file).strip()).isEqualTo(served.token()).hasSizeGreaterThan(40);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(file).doesNotExist();
    }

    @Test
    void tokenFileOfSomebodyElseIsReplacedAndNotFollowed() throws Exception {
        Path target = Files.writeString(folder.resolve("target"), "untouched");
        ConsoleSettings settings = new ConsoleSettings(
                true, "127.0.0.1", List.of(1), true, "", Set.of(), "jdbc:h2:file:" + folder + "/db");
        Path link = Files.createSymbolicLink(folder.resolve("console-1.token"), target);

        TokenFile written = TokenFile.create(settings, 1).orElseThrow();

        assertThat(Files.readString(target)).isEqualTo("untouched");
        assertThat(TokenFile.read(settings, 1)).isEqualTo(written.token());
        written.delete();
        assertThat(link).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "any:secret ü{{x}}, 200",
        ":secret ü{{x}},    200",
        "any:wrong,         401",
        "secret ü{{x}},     200",
        "any:,              401",
    })
    void passwordIsAskedForOfAnyUser(String given, int status) throws Exception {
        try (ServedStreams served = serve(Map.of("sync.console.password", "secret ü{{x}}"))) {
            String basic = Base64.getEncoder().encodeToString(given.getBytes(StandardCharsets.UTF_8));
            for (String path : List.of("/", "/api/streams")) {
                assertThat(served.send(plain(served, path).header("Authorization", "Basic " + basic))
                                .statusCode())
                        .isEqualTo(status);
                assertThat(served.send(plain(served, path)).statusCode()).isEqualTo(401);
            }
            assertThat(served.console().link().orElseThrow()).doesNotContain("token");
            assertThat(served.send(plain(served, "/observe/metrics")).statusCode())
                    .isEqualTo(401);
            assertThat(served.send(plain(served, "/observe/health/x")).statusCode())
                    .isEqualTo(404); // let through
        }
    }

    @Test
    void beyondLoopbackThePasswordIsRequired() {
        assertThatThrownBy(() -> serve(Map.of("sync.console.host", "0.0.0.0")))
                .isInstanceOf(ConfigurationException.class)
                .hasMessage("sync.console.host '0.0.0.0' can be reached from other machines; set sync.console.password,"
                        + " or leave sync.console.host at 127.0.0.1");
    }

    @ParameterizedTest
    @CsvSource({"sync.example, 200", "SYNC.example, 200", "other.example, 403", "127.0.0.1, 403"})
    void beyondLoopbackOnlyNamedHostsAnswer(String host, int status) throws Exception {
        Map<String, String> settings = Map.of(
                "sync.console.host", "0.0.0.0",
                "sync.console.password", "x",
                "sync.console.hosts", "sync.example, b.example");
        try (ServedStreams served = serve(settings)) {
            assertThat(served.raw("GET /api/streams HTTP/1.1", "Host: " + host, "Authorization: Basic Ong="))
                    .contains(" " + status + " ");
        }
    }

    @Test
    void portThatIsSetAndTakenIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Map<String, String> settings = Map.of("sync.console.port", String.valueOf(taken.getLocalPort()));
            assertThatThrownBy(() -> serve(settings))
                    .isInstanceOf(ConfigurationException.class)
                    .hasMessageContaining("sync.console.port: port " + taken.getLocalPort());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "sync.console, maybe, sync.console 'maybe' is neither true nor false",
        "sync.console.port, 65536, sync.console.port '65536' is not a port number",
        "sync.console.port, x, sync.console.port 'x' is not a port number",
        "sync.console.port, -1, sync.console.port '-1' is not a port number",
    })
    void settingThatCantBeReadIsNamed(String key, String value, String message) {
        assertThatThrownBy(() -> serve(Map.of(key, value)))
                .isInstanceOf(ConfigurationException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void consoleThatIsOffTakesNoPort() throws Exception {
        try (DefaultCamelContext context = new DefaultCamelContext();
                Console console = new Console(false)) {
            context.getPropertiesComponent().addInitialProperty("sync.console", "false");
            console.open(context);
            assertThat(console.link()).isEmpty();
        }
    }

    @Test
    void longBodyIsRefused() throws Exception {
        String cursor = served.database().cursor("user");
        HttpRequest.Builder request =
                served.request("/api/streams/user/cursor").POST(BodyPublishers.ofByteArray(new byte[10 << 20]));
        int status;
        try {
            status = served.send(request).statusCode();
        } catch (IOException e) {
            status = 413; // the connection is closed before all is sent
        }
        assertThat(status).isEqualTo(413);
        assertThat(served.database().cursor("user")).isEqualTo(cursor);
        assertThat(served.get("/api/streams").statusCode()).isEqualTo(200);
    }

    @Test
    void headersOfARequestDoNotComeBack() throws Exception {
        HttpResponse<String> answer = served.send(served.request("/api/streams")
                .header("X-Mine", "mine")
                .header("Set-Cookie", "a=b")
                .header("CamelHttpResponseCode", "500"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.headers().map().keySet()).doesNotContain("x-mine", "set-cookie");
    }

    @Test
    void thousandOpenConnectionsStopNoSync() throws Exception {
        List<Socket> open = new ArrayList<>();
        try (ServedStreams served = serve(Map.of())) {
            for (int i = 0; i < 1000; i++) {
                open.add(new Socket(InetAddress.getLoopbackAddress(), served.port()));
            }
            served.sync("user");
            assertThat(served.database().runs("user"))
                    .extracting(run -> run.get("status"))
                    .containsExactly("complete");
        } finally {
            for (Socket socket : open) {
                socket.close();
            }
        }
    }
}
