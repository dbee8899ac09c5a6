package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;

/**
 * A WordPress site's posts, by its REST reference ("Posts", "Pagination") and the code behind it: {@code modified} is in
 * the site's time zone, {@code modified_gmt} in UTC, both without an offset; {@code modified_after} is strict, taken for
 * the site's time if it has no offset, and compared with {@code modified} as a text; a page past the end is a 400.
 */
final class WordPress extends PlayedApi {

    private static final ZoneId SITE = ZoneId.of("Europe/Berlin");

    @Override
    String heading() {
        return "WordPress: posts";
    }

    @Override
    String schema() {
        return """
                {"table": "wordpress_posts", "primary_key": ["id"],
                 "columns": {"id": "LONG", "slug": "STRING", "modified_gmt": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "slug");
    }

    /** {@inheritDoc} Two autumns: of 2023 both hours from two to three, of 2024 only the first until the change. */
    @Override
    void populate() {
        for (int i = 0; i < 150; i++) {
            put(i, "post-" + i, Instant.parse("2023-10-28T10:00:00Z").plusSeconds(60L * (i / 3)));
        }
        for (int i = 150; i < 230; i++) {
            put(i, "post-" + i, Instant.parse("2023-10-29T00:00:00Z").plusSeconds(90L * (i - 150)));
        }
        for (int i = 230; i < 300; i++) {
            put(i, "post-" + i, Instant.parse("2024-10-27T00:45:00Z").minusSeconds(60L * (299 - i)));
        }
    }

    @Override
    void change() {
        put(5, "post-5-again", Instant.parse("2024-10-27T01:15:00Z")); // 02:15 at the site; 02:45 has been seen
        put(299, "post-299-again", Instant.parse("2024-10-27T01:10:00Z"));
        put(300, "post-300", Instant.parse("2024-10-27T00:45:00Z"));
    }

    private void put(int id, String slug, Instant modified) {
        put(
                "%06d".formatted(id),
                object().put("id", id)
                        .put("slug", slug)
                        .put("modified", written(modified, SITE))
                        .put("modified_gmt", written(modified, ZoneOffset.UTC)));
    }

    private static String written(Instant time, ZoneId zone) {
        return "%tFT%<tT".formatted(time.atZone(zone));
    }

    @Override
    Reply answer(Call call) {
        call.requirePath("/wp-json/wp/v2/posts");
        call.allowAtMost(100, "per_page");
        String after = call.parameter("modified_after");
        String from = after == null ? "" : siteTime(after);
        boolean isAscending = "asc".equals(call.parameter("order")) && "modified".equals(call.parameter("orderby"));
        Comparator<ObjectNode> order = Comparator.comparing(WordPress::modified);
        List<ObjectNode> found = records().values().stream()
                .filter(post -> modified(post).compareTo(from) > 0)
                .sorted(isAscending ? order : order.reversed())
                .toList();
        int size = call.number("per_page", 10);
        int page = call.number("page", 1);
        int pages = (found.size() + size - 1) / size;
        if (page > 1 && page > pages) {
            return Reply.status(
                    400,
                    error("The page number requested is larger than the number of pages available.")); // meant: the
            // list has no
            // such page
        }
        return Reply.json(array(page(found, (page - 1) * size, size))).header("X-WP-TotalPages", "" + pages);
    }

    private static String siteTime(String text) {
        if (!text.matches("\\d{4}-\\d\\d-\\d\\d[Tt ]\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?(Z|[+-]\\d\\d:\\d\\d)?")) {
            throw new Refusal(400, "Invalid parameter(s): modified_after");
        }
        return text.length() == 19
                ? "%tFT%<tT".formatted(LocalDateTime.parse(text))
                : written(OffsetDateTime.parse(text).toInstant(), SITE);
    }

    private static String modified(ObjectNode post) {
        return post.path("modified").textValue();
    }

    @Override
    JsonNode error(String message) {
        return object().put("code", "rest_post_invalid_page_number").put("message", message);
    }
}
