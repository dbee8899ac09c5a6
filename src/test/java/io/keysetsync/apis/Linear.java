package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Linear's issues, by its documentation ("GraphQL", "Pagination", "Filtering", "Rate limiting"): the key is sent without
 * a scheme; newest first; archived issues only if asked for; {@code endCursor} also on the last page, which
 * {@code hasNextPage} tells; over the rate limit the status is 400.
 */
final class Linear extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00.789Z");
    private static final Pattern SIZE = Pattern.compile("first: (\\d+)");

    @Override
    String heading() {
        return "Linear: issues";
    }

    @Override
    String schema() {
        return """
                {"table": "linear_issues", "primary_key": ["id"],
                 "columns": {"id": "STRING", "title": "STRING", "archivedAt": "UTC_DATETIME",
                             "updatedAt": "UTC_DATETIME"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "title");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.linear.key", "lin_api_0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 330; i++) {
            put(i, "issue " + i, FIRST.plusMillis(i / 7));
        }
    }

    @Override
    void change() {
        put(10, "issue 10, archived", FIRST.plusSeconds(700));
        put(331, "issue 331", FIRST.plusMillis(330 / 7));
    }

    private void put(int number, String title, Instant updated) {
        String id = "2174add1-f7c8-44e3-bbf3-%012d".formatted(number);
        ObjectNode issue = object().put("id", id).put("title", title);
        issue.put("archivedAt", number % 10 == 0 ? updated.toString() : null);
        put(id, issue.put("updatedAt", updated.toString()));
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "lin_api_0123", 401);
        call.require("Content-Type", "application/json", 400);
        if (!call.method().equals("POST") || !call.path().equals("/graphql")) {
            throw new Refusal(404, "Not Found");
        }
        String document = call.body().path("query").asText();
        Matcher first = SIZE.matcher(document);
        int size = first.find() ? Integer.parseInt(first.group(1)) : 50;
        if (size > 250 || !document.contains("updatedAt: { gte: $since }")) {
            return Reply.json(error("Argument Validation Error"));
        }
        JsonNode variables = call.body().path("variables");
        Instant since = Instant.parse(variables.path("since").asText());
        String after = variables.path("after").asText("");
        Comparator<ObjectNode> byUpdate = Comparator.comparing(Linear::updated);
        List<ObjectNode> found = records().values().stream()
                .filter(issue -> !updated(issue).isBefore(since))
                .filter(issue -> document.contains("includeArchived: true")
                        || issue.path("archivedAt").isNull())
                .sorted(byUpdate.reversed())
                .dropWhile(issue ->
                        !after.isEmpty() && !after.equals(issue.path("id").textValue()))
                .skip(after.isEmpty() ? 0 : 1)
                .toList();
        List<ObjectNode> page = page(found, 0, size);
        ObjectNode issues = object().set("nodes", array(page));
        issues.putObject("pageInfo")
                .put("hasNextPage", page.size() < found.size())
                .put(
                        "endCursor",
                        page.isEmpty()
                                ? null
                                : page.get(page.size() - 1).path("id").textValue());
        return Reply.json(object().set("data", object().set("issues", issues)));
    }

    private static Instant updated(ObjectNode issue) {
        return Instant.parse(issue.path("updatedAt").textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().set("errors", array(List.of(object().put("message", message))));
    }
}
