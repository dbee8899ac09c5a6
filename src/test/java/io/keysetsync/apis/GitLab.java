package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * GitLab's issues of a project, by its REST documentation ("Issues API", "Pagination"): the project is an id or a path
 * whose slash is encoded; {@code updated_after} includes its millisecond; with {@code pagination=keyset} the header
 * {@code Link} has the next page, whose query has a {@code cursor}. Numbered pages are not played.
 */
final class GitLab extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00.120Z");
    private static final Comparator<ObjectNode> BY_UPDATE = Comparator.comparing(GitLab::updated)
            .thenComparing(issue -> issue.path("id").intValue());

    @Override
    String heading() {
        return "GitLab: issues of a project";
    }

    @Override
    String schema() {
        return """
                {"table": "gitlab_issues", "primary_key": ["id"],
                 "columns": {"id": "LONG", "title": "STRING", "updated_at": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "title");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.gitlab.token", "glpat-0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 350; i++) {
            put(i, "issue " + i, FIRST.plusMillis(3L * (i / 11)));
        }
    }

    @Override
    void change() {
        put(8, "issue 8, closed", FIRST.plusSeconds(800));
        put(351, "issue 351", FIRST.plusMillis(3L * (350 / 11)));
    }

    private void put(int number, String title, Instant updated) {
        put(
                "%06d".formatted(number),
                object().put("id", 76 + number).put("title", title).put("updated_at", updated.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("PRIVATE-TOKEN", "glpat-0123", 401);
        if (!call.path().equals("/api/v4/projects/gitlab-org%2Fgitlab/issues")) {
            throw new Refusal(404, "404 Project Not Found");
        }
        boolean isAscending = "updated_at".equals(call.parameter("order_by")) && "asc".equals(call.parameter("sort"));
        if (!"keyset".equals(call.parameter("pagination")) || !isAscending) {
            throw new Refusal(405, "Keyset pagination is not yet available for this type of request");
        }
        String after = call.parameter("updated_after");
        Instant from = after == null ? Instant.MIN : Instant.parse(after);
        String cursor = call.parameter("cursor");
        int size = Math.min(call.number("per_page", 20), 100);
        List<ObjectNode> found = records().values().stream()
                .filter(issue -> !updated(issue).isBefore(from))
                .sorted(BY_UPDATE)
                .dropWhile(issue -> cursor != null && BY_UPDATE.compare(issue, last(cursor)) <= 0)
                .toList();
        Reply reply = Reply.json(array(page(found, 0, size)));
        if (found.size() <= size) {
            return reply;
        }
        ObjectNode last = found.get(size - 1);
        String query = call.target().replaceFirst("[^?]*\\?", "").replaceAll("&?cursor=[^&]*", "");
        return reply.header(
                "Link",
                "<https://gitlab.example.com" + call.path() + "?cursor="
                        + last.path("updated_at").textValue() + "~"
                        + last.path("id").asText() + "&" + query + ">; rel=\"next\"");
    }

    private static ObjectNode last(String cursor) {
        String[] parts = cursor.split("~", 2);
        return object().put("updated_at", parts[0]).put("id", Integer.parseInt(parts[1]));
    }

    private static Instant updated(ObjectNode issue) {
        return Instant.parse(issue.path("updated_at").textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().put("message", message);
    }
}
