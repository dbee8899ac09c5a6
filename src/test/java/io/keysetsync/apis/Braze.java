package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;

/**
 * Braze's daily new users, by its reference ("Export daily new users by date"): {@code length} days, at most 100, that end
 * at {@code ending_at}; no pages, and no other filter.
 */
final class Braze extends FurtherApi {

    private static final LocalDate LAUNCH = LocalDate.parse("2024-01-01");

    private final LocalDate today = LocalDate.now(ZoneOffset.UTC);

    Braze() {
        super("Braze: daily new users", "time", "new_users");
    }

    @Override
    void populate() {
        for (LocalDate day = LAUNCH; !day.isAfter(today); day = day.plusDays(1)) {
            count(day, day.getDayOfYear() % 17);
        }
    }

    @Override
    void change() {
        count(today.minusDays(1), 401);
        count(today, 402);
    }

    private void count(LocalDate day, int users) {
        put((int) day.toEpochDay(), "" + users, day.atStartOfDay().toInstant(ZoneOffset.UTC));
    }

    @Override
    ObjectNode written(Entry day) {
        return object().put("time", LocalDate.ofEpochDay(day.id()).toString())
                .put("new_users", Integer.parseInt(day.name()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer " + SECRET, 401);
        call.allowOnly("length", "ending_at", "unit");
        call.needed("length");
        call.allowAtMost(100, "length");
        Instant end = Instant.parse(call.needed("ending_at"));
        Instant begin = end.minus(call.number("length", 0), ChronoUnit.DAYS);
        List<ObjectNode> found =
                found(day -> day.at().isAfter(begin) && !day.at().isAfter(end));
        return Reply.json(object().put("message", "success").set("data", array(found)));
    }
}
