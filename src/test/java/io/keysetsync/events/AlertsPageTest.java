package io.keysetsync.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.FeedRecord;
import jakarta.mail.internet.MimeMessage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;
import org.apache.camel.support.PluginHelper;
import org.apache.camel.support.ResourceHelper;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The examples of {@code docs/alerts.md}, as they stand there, against servers of their kinds. */
class AlertsPageTest {

    private static final Fault GONE = Fault.json(403, "{\"error\": \"the \\\"key\\\" is \\\\ gone\"}");
    private static final ObjectMapper JSON = new ObjectMapper();

    private final WatchedStream stream;

    AlertsPageTest() throws Exception {
        stream = new WatchedStream(25);
    }

    @AfterEach
    void close() {
        stream.close();
    }

    private void start(String alert, String yaml, Map<String, String> settings) throws Exception {
        Properties given = AlertsPage.settings(alert);
        given.putAll(settings);
        given.forEach((key, value) ->
                stream.context.getPropertiesComponent().addInitialProperty(key.toString(), value.toString()));
        PluginHelper.getRoutesLoader(stream.context).loadRoutes(ResourceHelper.fromString("alerts.camel.yaml", yaml));
        stream.start();
    }

    @Test
    void mailComesAfterTheThirdFailureInARowAndWhenTheStreamRecovers() throws Exception {
        GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
        mail.start();
        try {
            start(
                    "mail",
                    AlertsPage.yaml("mail"),
                    Map.of(
                            "sync.mail.host",
                            "127.0.0.1",
                            "sync.mail.port",
                            Integer.toString(mail.getSmtp().getPort())));
            stream.sync();
            for (int i = 0; i < 2; i++) {
                stream.sync(scenario -> scenario.always(GONE));
            }
            stream.sync(scenario -> scenario.always(Fault.none()));
            for (int i = 0; i < 4; i++) {
                stream.sync(scenario -> scenario.always(GONE));
            }
            assertThat(mail.waitForIncomingEmail(30_000, 1)).isTrue(); // the routes of both mails have separate threads
            stream.sync(scenario -> scenario.always(Fault.none()));
            stream.sync();
            assertThat(mail.waitForIncomingEmail(30_000, 2)).isTrue();
            stream.context.stop();

            MimeMessage[] mails = mail.getReceivedMessages();
            assertThat(mails).hasSize(2);
            assertThat(mails[0].getSubject()).isEqualTo("keyset-sync: stream user has failed three times in a row");
            assertThat(mails[0].getContent().toString()).contains("HTTP 403", "Last complete run: 20");
            assertThat(mails[0].getAllRecipients())
                    .extracting(Object::toString)
                    .containsExactly("data-team@example.com");
            assertThat(mails[1].getSubject()).isEqualTo("keyset-sync: stream user is complete again");
            assertThat(mails[1].getContent().toString()).startsWith("user: complete: ");
        } finally {
            mail.stop();
        }
    }

    /** With what the page says of such a server. */
    @ParameterizedTest
    @CsvSource({"s3cr+t%26&=}, true", "another, false"})
    void mailServerMayAskForAPassword(String password, boolean isRight) throws Exception {
        GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
        mail.setUser("keyset-sync@example.com", "keyset-sync", "s3cr+t%26&=}");
        mail.start();
        try {
            String yaml = AlertsPage.yaml("mail")
                    .replace("== 3", "== 1")
                    .replaceAll(
                            "( +)from: keyset-sync@example.com\n",
                            """
                            $0$1username: keyset-sync
                            $1password: "#property:sync.mail.password"
                            """);
            start(
                    "mail",
                    yaml,
                    Map.of(
                            "sync.mail.host",
                            "127.0.0.1",
                            "sync.mail.port",
                            Integer.toString(mail.getSmtp().getPort()),
                            "sync.mail.password",
                            password));
            stream.sync(scenario -> scenario.always(GONE));
            EventsComponent.awaitHandled(stream.context, Duration.ofSeconds(30));

            assertThat(mail.getReceivedMessages()).hasSize(isRight ? 1 : 0);
        } finally {
            mail.stop();
        }
    }

    @Test
    void chatHearsOfAStreamThatIsOverdueAndThatItIsNoLonger() throws Exception {
        try (MockWebServer chat = new MockWebServer()) {
            chat.enqueue(new MockResponse.Builder().body("ok").build());
            chat.enqueue(new MockResponse.Builder().body("ok").build());
            chat.start();
            String yaml = AlertsPage.yaml("chat");
            assertThat(yaml).containsOnlyOnce("PT1H");
            start(
                    "chat",
                    yaml.replace("PT1H", "PT0.3S"),
                    Map.of("sync.chat.url", chat.url("/services/T0/B0").toString()));
            RecordedRequest overdue = chat.takeRequest(30, TimeUnit.SECONDS);
            stream.sync();
            RecordedRequest again = chat.takeRequest(30, TimeUnit.SECONDS);

            assertThat(overdue.getMethod()).isEqualTo("POST");
            assertThat(overdue.getUrl().encodedPath()).isEqualTo("/services/T0/B0");
            assertThat(overdue.getHeaders().get("Content-Type")).isEqualTo("application/json");
            assertThat(JSON.readTree(overdue.getBody().utf8()))
                    .isEqualTo(JSON.readTree("{\"text\": \"user: has had no complete run yet\"}"));
            assertThat(JSON.readTree(again.getBody().utf8()).path("text").asText())
                    .isEqualTo("user: has a complete run again");
        }
    }

    @Test
    void chatHearsOfAnyTextAsItIs() throws Exception {
        try (MockWebServer chat = new MockWebServer()) {
            chat.enqueue(new MockResponse.Builder().body("ok").build());
            chat.start();
            start(
                    "chat",
                    AlertsPage.yaml("chat").replace("events: overdue", "events: run"),
                    Map.of("sync.chat.url", chat.url("/services/T0/B0").toString()));
            stream.sync(scenario -> scenario.always(GONE));
            RecordedRequest failed = chat.takeRequest(30, TimeUnit.SECONDS);

            assertThat(JSON.readTree(failed.getBody().utf8()).path("text").asText())
                    .isEqualTo(stream.lastRun().get("ERROR"))
                    .contains("HTTP 403");
        }
    }

    @Test
    void fileHasALineForEachRunThatSetsRecordsAside(@TempDir Path folder) throws Exception {
        start("file", AlertsPage.yaml("file").replace("file:data", "file:" + folder), Map.of());
        stream.sync();
        for (String id : List.of("26", "27")) {
            stream.api
                    .feed()
                    .put(FeedRecord.user(id, "2024-02-01T00:00:" + id + "Z").with("createdAt", "yesterday"));
            stream.sync();
        }
        Path file = folder.resolve("quarantined.jsonl");
        await().until(() -> Files.exists(file) && Files.readAllLines(file).size() == 2);

        for (String line : Files.readAllLines(file)) {
            JsonNode event = JSON.readTree(line);
            assertThat(event.path("stream").asText()).isEqualTo("user");
            assertThat(event.path("quarantined").asInt()).isPositive();
            assertThat(event.path("status").asText()).isEqualTo("complete");
        }
    }
}
