package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * GitHub's issues of a repository, by its REST documentation ("List repository issues", "Using pagination", "Rate
 * limits"): {@code since} includes its second; the next page is in the header {@code Link}; without a user agent or over
 * the limit the status is 403.
 */
final class GitHub extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");

    private int answers;

    @Override
    String heading() {
        return "GitHub: issues of a repository";
    }

    @Override
    String schema() {
        return """
                {"table": "github_issues", "primary_key": ["id"],
                 "columns": {"id": "LONG", "title": "STRING", "updated_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "title");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.github.token", "ghp_0123456789");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 250; i++) {
            put(i, "issue " + i, FIRST.plusSeconds(i / 7));
        }
    }

    @Override
    void change() {
        put(3, "issue 3, closed", FIRST.plusSeconds(500));
        put(251, "issue 251", FIRST.plusSeconds(500));
        put(252, "issue 252", FIRST.plusSeconds(250 / 7));
    }

    private void put(int number, String title, Instant updated) {
        put(
                "%09d".formatted(number),
                object().put("id", 9_007_199_254_740_993L + number)
                        .put("title", title)
                        .put("state", number % 50 == 3 ? "closed" : "open")
                        .put("updated_at", updated.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer ghp_0123456789", 401);
        call.require("Accept", "application/vnd.github+json", 415);
        call.require("X-GitHub-Api-Version", "2022-11-28", 400);
        if (++answers == 2) {
            return Reply.status(403, object().put("message", "API rate limit exceeded"))
                    .header("x-ratelimit-remaining", "0")
                    .header("x-ratelimit-reset", "0");
        }
        if (!List.of("/repos/apache/camel/issues", "/repositories/206317/issues")
                .contains(call.path())) {
            throw new Refusal(404, "Not Found");
        }
        String since = call.parameter("since");
        Instant from = since == null ? Instant.EPOCH : Instant.parse(since);
        boolean isAscending = "asc".equals(call.parameter("direction")) && "updated".equals(call.parameter("sort"));
        Comparator<ObjectNode> order = Comparator.comparing(GitHub::updated);
        List<ObjectNode> found = records().values().stream()
                .filter(issue -> !updated(issue).isBefore(from))
                .filter(issue -> "all".equals(call.parameter("state"))
                        || issue.path("state").textValue().equals("open"))
                .sorted(isAscending ? order : order.reversed())
                .toList();
        int size = call.number("per_page", 30);
        int number = call.number("page", 1);
        Reply reply = Reply.json(array(page(found, (number - 1) * size, size)));
        if (number * size >= found.size()) {
            return reply.header("Link", "<" + url(call, 1) + ">; rel=\"first\"");
        }
        return reply.header(
                "Link", "<" + url(call, number + 1) + ">; rel=\"next\", <" + url(call, 99) + ">; rel=\"last\"");
    }

    private static String url(Call call, int page) {
        String query = call.target().substring(call.target().indexOf('?') + 1).replaceAll("&?page=\\d+", "");
        return "https://api.github.com/repositories/206317/issues?" + query + "&page=" + page;
    }

    private static Instant updated(ObjectNode issue) {
        return Instant.parse(issue.path("updated_at").textValue());
    }
}
