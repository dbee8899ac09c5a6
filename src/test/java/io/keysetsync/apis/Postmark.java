package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Postmark's outbound messages, by its reference ("Outbound message search"): {@code count} and {@code offset} are
 * required; both dates are wall times of New York; the newest come first; a list ends after 10,000 messages (here: 200).
 */
final class Postmark extends FurtherApi {

    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
    private static final DateTimeFormatter SENT = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSSSXXX");
    private static final int MOST = 200;
    private static final int MOST_OF_A_PAGE = 60;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);

    Postmark() {
        super("Postmark: outbound messages", "MessageID", "Status");
    }

    /** Messages over the end of a window, and over the hour that comes twice; the last day has some, too. */
    @Override
    void populate() {
        Instant edge = Instant.parse("2024-11-04T05:00:00Z"); // 44 windows after the beginning of the year
        for (int i = 1; i <= 300; i++) {
            put(i, "Sent", edge.plus(Duration.ofMinutes(15L * (i - 150))));
        }
        put(301, "Queued", now.minus(1, ChronoUnit.HOURS));
        put(302, "Sent", now.minus(50, ChronoUnit.MINUTES));
    }

    @Override
    void change() {
        put(301, "Sent", now.minus(1, ChronoUnit.HOURS));
        put(303, "Queued", now.minus(55, ChronoUnit.MINUTES));
        put(304, "Queued", now.minus(1, ChronoUnit.MINUTES));
    }

    @Override
    ObjectNode written(Entry message) {
        return object().put("MessageID", "m-%04d".formatted(message.id()))
                .put("Status", message.name())
                .put("ReceivedAt", SENT.format(message.at().atZone(NEW_YORK)));
    }

    @Override
    Reply answer(Call call) {
        call.require("X-Postmark-Server-Token", SECRET, 401);
        call.allowOnly("fromdate", "todate", "count", "offset");
        call.allowAtMost(500, "count");
        LocalDateTime from = LocalDateTime.parse(call.needed("fromdate"));
        LocalDateTime to = LocalDateTime.parse(call.needed("todate"));
        List<ObjectNode> found = new ArrayList<>(found(message -> {
            LocalDateTime at = LocalDateTime.ofInstant(message.at(), NEW_YORK).truncatedTo(ChronoUnit.SECONDS);
            return !at.isBefore(from) && !at.isAfter(to);
        }));
        Collections.reverse(found);
        int offset = Integer.parseInt(call.needed("offset"));
        if (offset + MOST_OF_A_PAGE > MOST + MOST_OF_A_PAGE) {
            throw new Refusal(422, "offset and count must not exceed " + MOST);
        }
        ObjectNode answer = object().put("TotalCount", found.size());
        answer.set("Messages", array(page(found, offset, MOST_OF_A_PAGE)));
        return Reply.json(answer);
    }
}
