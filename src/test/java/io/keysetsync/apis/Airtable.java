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
 * The records of an Airtable table, by its reference ("List records", "Formula field reference"): a filter is a formula;
 * {@code offset} belongs to its query, and is absent at the end; if the iterator behind an offset is gone, the status is
 * 422 and the list has to begin again.
 */
final class Airtable extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-03-01T10:00:00Z");
    private static final Pattern FORMULA =
            Pattern.compile("NOT\\(IS_BEFORE\\(LAST_MODIFIED_TIME\\(\\), ?'([^']+)'\\)\\)");

    private int answers;

    @Override
    String heading() {
        return "Airtable: records of a table";
    }

    @Override
    String schema() {
        return """
                {"table": "airtable_tasks", "primary_key": ["id"],
                 "columns": {"id": "STRING", "fields": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "fields");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.airtable.token", "pat0123");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 350; i++) {
            put(i, "task " + i, FIRST.plusSeconds(10L * (i / 6)));
        }
    }

    @Override
    void change() {
        put(7, "task 7, done", FIRST.plusSeconds(9_000));
        put(351, "task 351", FIRST.plusSeconds(10L * (350 / 6)));
    }

    private void put(int number, String name, Instant modified) {
        String id = "rec%014d".formatted(number);
        ObjectNode record = object().put("id", id).put("createdTime", "2024-02-01T00:00:00.000Z");
        record.putObject("fields")
                .put("Name", name)
                .put("Last modified", modified.toString().replace("Z", ".000Z"));
        put(id, record);
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer pat0123", 401);
        call.allowOnly(
                "pageSize", "offset", "filterByFormula", "sort[0][field]", "sort[0][direction]", "view", "fields[]");
        if (!call.path().equals("/v0/appEioitPbxI72w06/Tasks")) {
            throw new Refusal(404, "NOT_FOUND");
        }
        String formula = call.parameter("filterByFormula");
        Matcher since = FORMULA.matcher(formula == null ? "" : formula);
        if (formula != null && !since.matches()) {
            throw new Refusal(422, "INVALID_FILTER_BY_FORMULA");
        }
        Instant from = formula == null ? Instant.MIN : Instant.parse(since.group(1));
        int size = call.number("pageSize", 100);
        if (size > 100) {
            throw new Refusal(422, "INVALID_PAGE_SIZE");
        }
        String offset = call.parameter("offset");
        String iterator = "itr" + Integer.toHexString(String.valueOf(formula).hashCode()) + "/";
        if (++answers == 3) {
            return Reply.status(422, error("LIST_RECORDS_ITERATOR_NOT_AVAILABLE"));
        }
        if (offset != null && !offset.startsWith(iterator)) {
            throw new Refusal(422, "LIST_RECORDS_ITERATOR_NOT_AVAILABLE");
        }
        boolean isAscending = "Last modified".equals(call.parameter("sort[0][field]"))
                && "asc".equals(call.parameter("sort[0][direction]"));
        Comparator<ObjectNode> byId =
                Comparator.comparing(each -> each.path("id").textValue());
        List<ObjectNode> found = records().values().stream()
                .filter(each -> !modified(each).isBefore(from))
                .sorted(isAscending ? Comparator.comparing(Airtable::modified) : byId.reversed())
                .dropWhile(each -> offset != null
                        && !offset.equals(iterator + each.path("id").textValue()))
                .toList();
        ObjectNode answer = object().set("records", array(page(found, 0, size)));
        return Reply.json(
                found.size() > size
                        ? answer.put(
                                "offset", iterator + found.get(size).path("id").textValue())
                        : answer);
    }

    private static Instant modified(ObjectNode each) {
        return Instant.parse(each.path("fields").path("Last modified").textValue());
    }

    @Override
    JsonNode error(String message) {
        return object().set("error", object().put("type", message));
    }
}
