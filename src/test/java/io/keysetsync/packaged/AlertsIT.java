package io.keysetsync.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.keysetsync.events.AlertsPage;
import io.keysetsync.packaged.Program.Ended;
import io.keysetsync.packaged.Program.Running;
import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.FeedRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes that are told of events, in the packaged copy. */
class AlertsIT extends OverAnApi {

    private static final ObjectMapper JSON = new ObjectMapper();

    AlertsIT() {
        super(25);
    }

    private void alerts(String yaml) throws IOException {
        Files.writeString(program.folder().resolve("routes/alerts.camel.yaml"), yaml);
    }

    /** A route that appends all events of some kinds to the file {@code data/events.jsonl}. */
    private static String route(String id, String parameters) {
        return """
                - route:
                    id: %s
                    from:
                      uri: kamelet:sync-events-source%s
                      steps:
                        - to:
                            uri: file:data
                            parameters:
                              fileName: events.jsonl
                              fileExist: Append
                              appendChars: '\\n'
                """
                .formatted(id, parameters);
    }

    private List<JsonNode> events(String file) throws IOException {
        Path lines = program.folder().resolve("data").resolve(file);
        List<JsonNode> events = new ArrayList<>();
        if (Files.exists(lines)) {
            for (String line : Files.readAllLines(lines)) {
                events.add(JSON.readTree(line));
            }
        }
        return events;
    }

    @Test
    void onceEndsAfterItsEventsAreHandled() throws IOException {
        alerts(AlertsPage.yaml("file"));
        feed.put(FeedRecord.user("26", "2024-02-01T00:00:00Z").with("createdAt", "yesterday"));
        Ended ended = program.run("once");

        assertThat(ended.code()).as(ended.stderr()).isZero();
        assertThat(events("quarantined.jsonl")).hasSize(1);
        JsonNode event = events("quarantined.jsonl").get(0);
        assertThat(event.path("quarantined").asInt()).isEqualTo(1);
        assertThat(event.path("cursor_to").asText()).isEqualTo(program.saved().cursor());
        assertThat(program.saved().rows()).hasSize(25);
    }

    @Test
    void thirdFailedOnceInARowIsMailed() throws Exception {
        GreenMail mail = new GreenMail(ServerSetup.SMTP.dynamicPort());
        mail.start();
        try {
            alerts(AlertsPage.yaml("mail"));
            program.edit(
                    "application.properties",
                    properties -> properties
                            + "\nsync.mail.host=127.0.0.1\nsync.mail.port="
                            + mail.getSmtp().getPort() + "\n");
            api.change(scenario -> scenario.always(Fault.status(403)));
            for (int i = 0; i < 3; i++) {
                assertThat(mail.getReceivedMessages()).isEmpty();
                assertThat(program.run("once").code()).isEqualTo(1);
            }

            assertThat(mail.getReceivedMessages()).hasSize(1);
            assertThat(mail.getReceivedMessages()[0].getContent().toString()).contains("HTTP 403");
        } finally {
            mail.stop();
        }
    }

    @Test
    void commandsThatOnlyLookOrChangeSomethingByHandTellNothing() throws IOException {
        feed.put(FeedRecord.user("26", "2024-02-01T00:00:00Z").with("createdAt", "yesterday"));
        program.run("once");
        alerts(route("alerts", "?events=run,page,waiting,schema-change,retry,overdue&overdue=PT0.1S"));
        for (List<String> command : List.of(
                List.of("check"),
                List.of("preview"),
                List.of("state", "set", "user", "2024-01-01T00:00:00Z"),
                List.of("quarantine", "retry"))) {
            Ended ended = program.run(command.toArray(String[]::new));
            assertThat(ended.code()).as(ended.stderr() + ended.stdout()).isZero();
            assertThat(events("events.jsonl")).as(command.toString()).isEmpty();
        }
        program.run("once");

        assertThat(events("events.jsonl")).isNotEmpty();
    }

    @Test
    void signalEndsTheProgramAfterItsEventsAreHandled() throws IOException {
        alerts(route("alerts", ""));
        Running running = program.start("run");
        running.awaitStderr("user: complete");
        running.signal("TERM");
        Ended ended = running.end();

        assertThat(ended.code()).isZero();
        assertThat(events("events.jsonl"))
                .extracting(event -> event.path("status").asText())
                .containsExactly("complete");
    }

    @Test
    void devTakesOverARouteThatIsAdded() throws IOException {
        Running running = program.start("run", "--dev");
        running.awaitStderr("user: complete");
        alerts(route("alerts", ""));
        await().atMost(Duration.ofSeconds(60))
                .until(() -> !events("events.jsonl").isEmpty());

        assertThat(events("events.jsonl").get(0).path("status").asText()).isEqualTo("complete");
    }

    @Test
    void wrongParameterAndTwoEqualRoutesAreRefused() throws IOException {
        alerts(route("alerts", "?events=runs"));
        Ended wrong = program.run("once");
        alerts(route("one", "") + route("two", ""));
        Ended equal = program.run("once");

        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.errors())
                .containsExactly(
                        "keyset-sync: route alerts: parameter events 'runs' must name, with commas between them,"
                                + " some of run, retry, page, waiting, schema-change, overdue");
        assertThat(equal.code()).isEqualTo(2);
        assertThat(equal.errors())
                .containsExactly("keyset-sync: two routes are from kamelet:sync-events-source with the same parameters;"
                        + " write a name behind one of them, as in kamelet:sync-events-source/second");
    }
}
