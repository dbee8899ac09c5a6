package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;

/**
 * Ads of Meta's Marketing API, by its reference ("Ad account, ads", "Paginated results"): the filter is a JSON array, and
 * strict; {@code paging.next} is a URL with the access token in it, and missing at the end, where {@code cursors.after} is
 * not.
 */
final class MetaAds extends FurtherApi {

    private static final DateTimeFormatter UPDATED =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ssXX").withZone(ZoneOffset.ofHours(1));

    MetaAds() {
        super("Meta Marketing: ads", "id", "name");
    }

    @Override
    ObjectNode written(Entry ad) {
        return object().put("id", "" + (120_000_000_000_000L + ad.id()))
                .put("name", ad.name())
                .put("updated_time", UPDATED.format(ad.at()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer " + SECRET, 401);
        call.allowOnly("fields", "limit", "filtering", "after", "access_token");
        JsonNode filter = json(call.needed("filtering")).path(0);
        if (!filter.path("operator").asText().equals("GREATER_THAN")
                || !filter.path("value").isIntegralNumber()) {
            throw new Refusal(400, "(#100) filtering must be an array of filters");
        }
        Instant since = Instant.ofEpochSecond(filter.path("value").longValue());
        List<ObjectNode> found = found(ad -> ad.at().isAfter(since));
        int size = call.number("limit", 25);
        int from = call.number("after", 0);
        ObjectNode paging = object().set("cursors", object().put("after", "" + (from + size)));
        if (from + size < found.size()) {
            String next = call.targetWith("after", "" + (from + size));
            paging.put("next", "https://graph.facebook.com" + next + "&access_token=EAAB");
        }
        return Reply.json(
                object().<ObjectNode>set("data", array(page(found, from, size))).set("paging", paging));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
