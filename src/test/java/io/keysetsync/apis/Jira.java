package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Jira's issues, by the reference of its cloud platform ("Search for issues using JQL enhanced search"): a JQL without a
 * restriction is refused; times in JQL are epoch milliseconds, or minutes of the user's zone; only ids unless
 * {@code fields} names more; {@code nextPageToken} belongs to its JQL, and is absent at the end.
 */
final class Jira extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-10T09:59:00.250Z");
    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd'T'HH:mm:ss.SSSZ", Locale.ROOT)
            .withZone(ZoneId.of("America/Los_Angeles"));
    private static final Pattern JQL = Pattern.compile("updated >= (\\d+)( order by updated asc)?");

    @Override
    String heading() {
        return "Jira: issues";
    }

    @Override
    String schema() {
        return """
                {"table": "jira_issues", "primary_key": ["id"],
                 "columns": {"id": "STRING", "key": "STRING", "fields": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "key", "fields");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.jira.token", "ATATT0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 330; i++) {
            put(i, "issue " + i, FIRST.plusMillis(400L * (i / 7)));
        }
    }

    @Override
    void change() {
        put(9, "issue 9, done", FIRST.plusSeconds(700));
        put(331, "issue 331", FIRST.plusMillis(400L * (330 / 7)));
    }

    private void put(int number, String summary, Instant updated) {
        ObjectNode issue = object().put("id", "" + (10_000 + number)).put("key", "ED-" + number);
        issue.putObject("fields").put("summary", summary).put("updated", WRITTEN.format(updated));
        put("%06d".formatted(number), issue);
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Basic Ym90QGV4YW1wbGUuY29tOkFUQVRUMDEyMw==", 401); // bot@example.com:ATATT0123
        call.allowOnly("jql", "fields", "maxResults", "nextPageToken");
        if (!call.path().equals("/rest/api/3/search/jql")) {
            throw new Refusal(404, "Not Found");
        }
        String jql = String.valueOf(call.parameter("jql"));
        Matcher restriction = JQL.matcher(jql);
        if (!restriction.matches()) {
            throw new Refusal(400, "Unbounded JQL queries are not allowed here. Please add a search restriction.");
        }
        String token = call.parameter("nextPageToken");
        String own = Integer.toHexString(jql.hashCode()) + ".";
        if (token != null && !token.startsWith(own)) {
            throw new Refusal(400, "The provided next page token is invalid or expired");
        }
        int from = token == null ? 0 : Integer.parseInt(token.substring(own.length()));
        Instant since = Instant.ofEpochMilli(Long.parseLong(restriction.group(1)));
        Comparator<ObjectNode> order = restriction.group(2) == null
                ? Comparator.comparing((ObjectNode issue) -> issue.path("id").textValue())
                        .reversed()
                : Comparator.comparing(Jira::updated);
        List<ObjectNode> found = records().values().stream()
                .filter(issue -> !updated(issue).isBefore(since))
                .sorted(order)
                .toList();
        int size = Math.min(call.number("maxResults", 50), 100);
        boolean isLast = from + size >= found.size();
        ObjectNode answer = object().put("isLast", isLast);
        answer.set(
                "issues",
                array(page(found, from, size).stream()
                        .map(issue -> chosen(issue, call))
                        .toList()));
        return Reply.json(isLast ? answer : answer.put("nextPageToken", own + (from + size)));
    }

    private static ObjectNode chosen(ObjectNode issue, Call call) {
        String fields = call.parameter("fields");
        if (fields == null) {
            return object().set("id", issue.path("id"));
        }
        ObjectNode copy = issue.deepCopy();
        ((ObjectNode) copy.path("fields")).retain(fields.split(",", -1));
        return copy;
    }

    private static Instant updated(ObjectNode issue) {
        return OffsetDateTime.parse(issue.path("fields").path("updated").textValue(), WRITTEN)
                .toInstant();
    }

    @Override
    JsonNode error(String message) {
        return object().set("errorMessages", JSON.arrayNode().add(message));
    }
}
