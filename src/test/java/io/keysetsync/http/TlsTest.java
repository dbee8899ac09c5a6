package io.keysetsync.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.QueueDispatcher;
import okhttp3.tls.HandshakeCertificates;
import okhttp3.tls.HeldCertificate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and proxies, as {@code application.properties} has them. */
@Timeout(60)
class TlsTest {

    private static final String PASSWORD = "changeit";

    private final HeldCertificate authority = new HeldCertificate.Builder()
            .certificateAuthority(0)
            .commonName("our CA")
            .build();
    private final MockWebServer server = new MockWebServer();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private HeldCertificate.Builder certificate() {
        return new HeldCertificate.Builder().signedBy(authority).addSubjectAlternativeName("127.0.0.1");
    }

    private String serve(HeldCertificate certificate, boolean wantsClient) throws IOException {
        HandshakeCertificates.Builder tls = new HandshakeCertificates.Builder().heldCertificate(certificate);
        tls.addTrustedCertificate(authority.certificate());
        server.useHttps(tls.build().sslSocketFactory());
        if (wantsClient) {
            server.requireClientAuth();
        }
        for (int i = 0; i < 4; i++) {
            server.enqueue(CountedServer.page(1, 1));
        }
        server.start(InetAddress.getLoopbackAddress(), 0);
        return "https://127.0.0.1:" + server.getPort() + "/records";
    }

    /** A line of the shipped file. */
    private static String shipped(String key) throws IOException {
        Properties settings = new Properties();
        try (InputStream file = Files.newInputStream(Path.of("application.properties"))) {
            settings.load(file);
        }
        return settings.getProperty(key);
    }

    private Map<String, String> trusting() throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setCertificateEntry("ca", authority.certificate());
        Map<String, String> settings = new HashMap<>();
        String global = "camel.component.https.use-global-ssl-context-parameters";
        settings.put(global, shipped(global));
        settings.put("camel.ssl.enabled", "true");
        settings.put("camel.ssl.trust-store", "file:" + saved(store, "trust.p12"));
        settings.put("camel.ssl.trust-store-password", PASSWORD);
        return settings;
    }

    private Map<String, String> identifying(HeldCertificate client) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("client", client.keyPair().getPrivate(), PASSWORD.toCharArray(), new Certificate[] {
            client.certificate(), authority.certificate()
        });
        Map<String, String> settings = trusting();
        settings.put("camel.ssl.key-store", "file:" + saved(store, "client.p12"));
        settings.put("camel.ssl.keystore-password", PASSWORD);
        return settings;
    }

    private Path saved(KeyStore store, String name) throws Exception {
        Path file = folder.resolve(name);
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    private static void completes(String url, Map<String, String> settings) {
        try (SyncedStream stream = SyncedStream.start(Map.of("url", url), settings)) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
            assertThat(stream.rows()).isEqualTo(1);
        }
    }

    private static void fails(String url, Map<String, String> settings, String... said) {
        try (SyncedStream stream = SyncedStream.start(Map.of("url", url), settings)) {
            assertThat(stream.run()).isEqualTo("failed");
            assertThat(stream.error())
                    .contains(said)
                    .contains("stream people: GET ")
                    .doesNotContain("attempts", "\n");
        }
    }

    @Test
    void anUnknownAuthorityIsRefused() throws Exception {
        fails(serve(certificate().build(), false), Map.of(), "certificate is not trusted", "camel.ssl.trust-store");
    }

    @Test
    void aConfiguredAuthorityIsTrusted() throws Exception {
        completes(serve(certificate().build(), false), trusting());
    }

    @Test
    void anExpiredCertificateIsRefused() throws Exception {
        Instant now = Instant.now();
        HeldCertificate expired = certificate()
                .validityInterval(
                        now.minus(Duration.ofDays(2)).toEpochMilli(),
                        now.minus(Duration.ofDays(1)).toEpochMilli())
                .build();
        fails(serve(expired, false), trusting(), "the certificate has expired", "NotAfter");
    }

    @Test
    void anotherHostsCertificateIsRefused() throws Exception {
        HeldCertificate other = new HeldCertificate.Builder()
                .signedBy(authority)
                .addSubjectAlternativeName("api.example.com")
                .build();
        fails(
                serve(other, false),
                trusting(),
                "certificate is another host's",
                "127.0.0.1",
                "check the host in the url");
    }

    @Test
    void aClientCertificateIsShown() throws Exception {
        completes(serve(certificate().build(), true), identifying(certificate().build()));

        assertThat(server.takeRequest(1, TimeUnit.SECONDS).getHandshake().peerCertificates())
                .isNotEmpty();
    }

    @Test
    void aClientWithoutTheCertificateThatIsWantedIsToldSo() throws Exception {
        SSLSocketFactory tls = new HandshakeCertificates.Builder()
                .heldCertificate(certificate().build())
                .addTrustedCertificate(authority.certificate())
                .build()
                .sslSocketFactory();
        try (ServerSocket refusing = new ServerSocket(0, 4, InetAddress.getLoopbackAddress())) {
            new Thread(() -> refuse(refusing, tls)).start();
            fails(
                    "https://127.0.0.1:" + refusing.getLocalPort() + "/records",
                    trusting(),
                    "the server refused the TLS connection",
                    "key-store");
        }
    }

    /** Reads on until the client hangs up, as the refusal would be lost if the connection were reset. */
    private static void refuse(ServerSocket server, SSLSocketFactory tls) {
        try (Socket client = server.accept()) {
            SSLSocket handshake = (SSLSocket) tls.createSocket(client, null, client.getPort(), false);
            handshake.setUseClientMode(false);
            handshake.setNeedClientAuth(true);
            assertThatThrownBy(handshake::startHandshake).isInstanceOf(SSLHandshakeException.class);
            client.getInputStream().transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The server's word may come after the request was sent, or be lost with the connection. */
    @Test
    void aCertificateThatIsWantedIsNamedWhenever1Point3RefusesTheClient() throws Exception {
        String url = serve(certificate().build(), true);
        try (SyncedStream stream = SyncedStream.start(Map.of("url", url), trusting())) {
            assertThat(stream.run()).isEqualTo("failed");
            assertThat(stream.error()).contains("if it wants a certificate, name it by camel.ssl.key-store");
        }
    }

    @Test
    void tokensAreAskedForWithTheSameCertificates() throws Exception {
        String url = serve(certificate().build(), false);
        server.setDispatcher(new QueueDispatcher());
        server.enqueue(new MockResponse.Builder().body("{\"token\":\"t\"}").build());
        server.enqueue(CountedServer.page(1, 1));
        Map<String, String> parameters =
                Map.of("url", url, "auth", "session", "loginUrl", url, "username", "u", "password", "p");
        try (SyncedStream stream = SyncedStream.start(parameters, trusting())) {
            assertThat(stream.run()).as(stream.error()).isEqualTo("complete");
        }
    }

    @Test
    void aConfiguredProxyGetsTheRequests() throws Exception {
        server.enqueue(CountedServer.page(1, 1));
        server.start(InetAddress.getLoopbackAddress(), 0);
        completes(
                "http://api.invalid/records",
                Map.of(
                        "camel.component.http.proxy-host",
                        "127.0.0.1",
                        "camel.component.http.proxy-port",
                        Integer.toString(server.getPort())));

        assertThat(server.takeRequest(1, TimeUnit.SECONDS).getTarget()).startsWith("http://api.invalid/records?");
    }

    @Test
    void aProxyTunnelsHttps() throws Exception {
        String url = serve(certificate().build(), false);
        server.setDispatcher(new QueueDispatcher());
        server.enqueue(new MockResponse.Builder().inTunnel().build());
        server.enqueue(CountedServer.page(1, 1));
        Map<String, String> settings = trusting();
        settings.put("camel.component.https.proxy-host", "127.0.0.1");
        settings.put("camel.component.https.proxy-port", Integer.toString(server.getPort()));
        settings.put("camel.component.https.proxy-auth-scheme", "http");
        completes(url, settings);

        assertThat(server.takeRequest(1, TimeUnit.SECONDS).getMethod()).isEqualTo("CONNECT");
    }
}
