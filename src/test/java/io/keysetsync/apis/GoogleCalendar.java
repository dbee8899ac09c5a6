package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Google Calendar's events, by its reference ("Events: list", "Handle API errors"): {@code pageToken} needs the same query
 * beside it; deleted events have {@code status: cancelled}, and are listed with {@code updatedMin}; one too long ago is a
 * 410; {@code nextPageToken} is absent at the end. A refresh token gives access tokens ("Using OAuth 2.0 for Web Server
 * Applications").
 */
final class GoogleCalendar extends PlayedApi {

    private static final Duration REMEMBERED = Duration.ofDays(28);

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Override
    String heading() {
        return "Google Calendar: events";
    }

    @Override
    String schema() {
        return """
                {"table": "calendar_events", "primary_key": ["id"],
                 "columns": {"id": "STRING", "summary": "STRING", "status": "STRING", "updated": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "summary", "status");
    }

    @Override
    boolean deletesSoftly() {
        return true;
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.google.client-secret", "GOCSPX-0123", "sync.google.refresh-token", "1//0e0123");
    }

    /** A calendar that was last edited long ago. */
    @Override
    void populate() {
        for (int i = 1; i <= 620; i++) {
            put(i, "event " + i, "confirmed", now.minus(Duration.ofDays(40 + (620 - i) / 7)));
        }
    }

    @Override
    void change() {
        put(5, "event 5, moved", "confirmed", now);
        put(17, "event 17", "cancelled", now);
        put(621, "event 621", "tentative", now);
    }

    private void put(int number, String summary, String status, Instant updated) {
        put(
                "%06d".formatted(number),
                object().put("id", "e%06d".formatted(number))
                        .put("status", status)
                        .put("summary", summary)
                        .put("updated", updated.toString().replace("Z", ".000Z")));
    }

    @Override
    List<ObjectNode> truth() {
        return records().values().stream()
                .filter(event -> !event.path("status").textValue().equals("cancelled"))
                .toList();
    }

    @Override
    Reply answer(Call call) {
        if (call.path().equals("/token")) {
            return token(call);
        }
        call.require("Authorization", "Bearer ya29.0123", 401);
        call.allowOnly("updatedMin", "orderBy", "maxResults", "pageToken");
        if (!call.path().equals("/calendar/v3/calendars/primary/events")) {
            throw new Refusal(404, "Not Found");
        }
        String min = call.parameter("updatedMin");
        Instant from = min == null ? Instant.MIN : Instant.parse(min);
        if (min != null && from.isBefore(Instant.now().minus(REMEMBERED))) {
            throw new Refusal(410, "The requested minimum modification time lies too far in the past.");
        }
        String[] token = call.parameter("pageToken") == null
                ? new String[] {"" + min, "0"}
                : call.parameter("pageToken").split("~", 2);
        if (!token[0].equals("" + min) || !"updated".equals(call.parameter("orderBy"))) {
            throw new Refusal(400, "Invalid page token value.");
        }
        boolean hasDeleted = min != null;
        List<ObjectNode> found = records().values().stream()
                .filter(event -> !updated(event).isBefore(from))
                .filter(event -> hasDeleted || !event.path("status").textValue().equals("cancelled"))
                .sorted(Comparator.comparing(GoogleCalendar::updated))
                .toList();
        int start = Integer.parseInt(token[1]);
        int size = Math.min(call.number("maxResults", 250), 2_500);
        ObjectNode answer = object().put("kind", "calendar#events").set("items", array(page(found, start, size)));
        return Reply.json(
                start + size < found.size() ? answer.put("nextPageToken", token[0] + "~" + (start + size)) : answer);
    }

    private static Reply token(Call call) {
        call.requireBasic("0123.apps.googleusercontent.com", "GOCSPX-0123");
        if (!call.body().asText().equals("grant_type=refresh_token&refresh_token=1%2F%2F0e0123")) {
            throw new Refusal(400, "invalid_grant");
        }
        return Reply.json(object().put("access_token", "ya29.0123").put("expires_in", 3_599));
    }

    private static Instant updated(ObjectNode event) {
        return Instant.parse(event.path("updated").textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().set("error", object().put("message", message));
    }
}
