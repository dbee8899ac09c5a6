package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Twilio's messages, by its reference ("Read multiple Message resources", "Paging"): {@code DateSent>=} and
 * {@code DateSent<=} take days in UTC; times are as in mails; the newest come first; {@code next_page_uri} is relative, and
 * null at the end.
 */
final class Twilio extends PlayedApi {

    private static final String PATH = "/2010-04-01/Accounts/AC0123/Messages.json";
    private static final DateTimeFormatter DAY = DateTimeFormatter.ISO_LOCAL_DATE;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    @Override
    String heading() {
        return "Twilio: messages";
    }

    @Override
    String schema() {
        return """
                {"table": "twilio_messages", "primary_key": ["sid"],
                 "columns": {"sid": "STRING", "status": "STRING", "date_sent": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("sid", "status", "date_sent");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.twilio.token", "0123456789abcdef");
    }

    @Override
    void populate() {
        Instant edge = Instant.parse("2025-01-01T00:00:00Z"); // where the first window ends
        for (int i = 1; i <= 2_400; i++) {
            put(i, "delivered", edge.plusSeconds(60L * (i - 1_700)));
        }
        put(2_401, "sent", now.minus(1, ChronoUnit.DAYS));
    }

    @Override
    void change() {
        put(2_401, "delivered", now.minus(1, ChronoUnit.DAYS));
        put(2_402, "sent", now.minus(1, ChronoUnit.MINUTES));
    }

    private void put(int number, String status, Instant sent) {
        String sid = "SM%032x".formatted(number);
        String date = DateTimeFormatter.RFC_1123_DATE_TIME
                .format(sent.atOffset(ZoneOffset.UTC))
                .replace("GMT", "+0000");
        put(sid, object().put("sid", sid).put("status", status).put("date_sent", date));
    }

    @Override
    Reply answer(Call call) {
        call.requireBasic("AC0123", "0123456789abcdef");
        call.requirePath(PATH);
        call.allowOnly("DateSent>", "DateSent<", "PageSize", "Page", "PageToken");
        call.allowAtMost(1_000, "PageSize");
        LocalDate from = day(call, "DateSent>", LocalDate.MIN);
        LocalDate to = day(call, "DateSent<", LocalDate.MAX);
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !day(each).isBefore(from) && !day(each).isAfter(to))
                .sorted(Comparator.comparing(Twilio::sent).reversed())
                .toList();
        int size = call.number("PageSize", 50);
        int page = call.number("Page", 0);
        if (page > 0 && !("PASM" + page).equals(call.parameter("PageToken"))) {
            throw new Refusal(400, "Page number out of range");
        }
        boolean isLast = (page + 1) * size >= found.size();
        ObjectNode answer = object().put("page", page).put("page_size", size);
        answer.put("next_page_uri", isLast ? null : link(call, page + 1));
        answer.set("messages", array(page(found, page * size, size)));
        return Reply.json(answer);
    }

    /** The link's parameters are in an order of the API's own; the token stands in each but the first page's. */
    private static String link(Call call, int page) {
        String token = "&PageToken=PASM" + page;
        return call.targetWith("Page", "" + page).replaceFirst("&PageToken=[^&]*", "") + token;
    }

    private static LocalDate day(Call call, String name, LocalDate absent) {
        return call.parameter(name) == null ? absent : LocalDate.parse(call.needed(name), DAY);
    }

    private static LocalDate day(ObjectNode message) {
        return sent(message).atOffset(ZoneOffset.UTC).toLocalDate();
    }

    private static Instant sent(ObjectNode message) {
        return OffsetDateTime.parse(message.path("date_sent").textValue(), DateTimeFormatter.RFC_1123_DATE_TIME)
                .toInstant();
    }

    @Override
    JsonNode error(String message) {
        return object().put("code", 20_001).put("message", message);
    }
}
