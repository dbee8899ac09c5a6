package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Klaviyo's profiles, by its reference ("Get Profiles", "Filtering", "API versioning"): the header {@code revision} is
 * required; {@code updated} can be filtered by {@code greater-than}, which leaves the second itself out; the next page is
 * a URL, of a host of its own, with the whole query in it; null at the end.
 */
final class KlaviyoProfiles extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final Pattern FILTER = Pattern.compile("greater-than\\(updated,([^()]+)\\)");

    @Override
    String heading() {
        return "Klaviyo: profiles";
    }

    @Override
    String schema() {
        return """
                {"table": "klaviyo_profiles", "primary_key": ["id"],
                 "columns": {"id": "STRING", "attributes": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "attributes");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.klaviyo.key", "Klaviyo-API-Key pk_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 360; i++) {
            put(i, "profile " + i, FIRST.plusSeconds(30L * (i / 7)));
        }
    }

    @Override
    void change() {
        put(2, "profile 2, renamed", FIRST.plusSeconds(40_000));
        put(361, "profile 361", FIRST.plusSeconds(30L * (360 / 7)));
    }

    private void put(int number, String name, Instant updated) {
        String id = "01GDDKASAP8TKDDA2GRZD%05d".formatted(number);
        ObjectNode profile = object().put("type", "profile").put("id", id);
        profile.putObject("attributes")
                .put("first_name", name)
                .put("updated", updated.toString().replace("Z", "+00:00"));
        put(id, profile);
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Klaviyo-API-Key pk_0123", 401);
        call.require("revision", "2024-10-15", 400);
        call.allowOnly("filter", "sort", "page[size]", "page[cursor]");
        if (!call.path().replaceFirst("/$", "").equals("/api/profiles")) {
            throw new Refusal(404, "Not found.");
        }
        String filter = call.parameter("filter");
        Matcher since = FILTER.matcher(filter == null ? "" : filter);
        if (filter != null && !since.matches()) {
            throw new Refusal(400, "Invalid filter provided");
        }
        Instant from = filter == null
                ? Instant.MIN
                : OffsetDateTime.parse(since.group(1)).toInstant();
        int size = call.number("page[size]", 20);
        if (size > 100) {
            throw new Refusal(400, "Page size must be an integer between 1 and 100.");
        }
        String start = call.parameter("page[cursor]");
        Comparator<ObjectNode> order = Comparator.comparing(KlaviyoProfiles::updated);
        List<ObjectNode> found = records().values().stream()
                .filter(profile -> updated(profile).isAfter(from))
                .sorted("updated".equals(call.parameter("sort")) ? order : order.reversed())
                .dropWhile(profile ->
                        start != null && !start.equals(profile.path("id").textValue()))
                .toList();
        ObjectNode answer = object().set("data", array(page(found, 0, size)));
        answer.putObject("links")
                .put("next", found.size() > size ? next(call, found.get(size)) : null)
                .put("prev", (String) null);
        return Reply.json(answer);
    }

    private static String next(Call call, ObjectNode first) {
        StringBuilder url = new StringBuilder("https://a.klaviyo-internal.com/api/profiles/?");
        call.query().forEach((name, values) -> {
            if (!name.equals("page[cursor]")) {
                url.append(encoded(name))
                        .append('=')
                        .append(encoded(values.get(0)))
                        .append('&');
            }
        });
        return url + encoded("page[cursor]") + "=" + first.path("id").textValue();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static Instant updated(ObjectNode profile) {
        return OffsetDateTime.parse(profile.path("attributes").path("updated").textValue())
                .toInstant();
    }

    @Override
    JsonNode error(String message) {
        return object().set("errors", array(List.of(object().put("detail", message))));
    }
}
