package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.util.List;

/**
 * Copper's people, by its reference ("Search people"): a POST whose body has filter, order and the page's number; the answer
 * is a bare array; three headers.
 */
final class Copper extends FurtherApi {

    private int requests;

    Copper() {
        super("Copper: people", "id", "name");
    }

    @Override
    ObjectNode written(Entry person) {
        return object().put("id", 27_000_000 + person.id())
                .put("name", person.name())
                .put("date_modified", person.at().getEpochSecond());
    }

    /** While the first list is read, a person of its beginning changes, and the later ones move up. */
    @Override
    Reply answer(Call call) {
        call.require("X-PW-AccessToken", SECRET, 401);
        call.require("X-PW-Application", "developer_api", 401);
        call.require("X-PW-UserEmail", "me@example.com", 401);
        JsonNode body = call.body();
        if (!call.method().equals("POST")
                || !body.path("page_number").isInt()
                || !body.path("minimum_modified_date").isIntegralNumber()
                || !body.path("sort_by").asText().equals("date_modified")
                || body.path("page_size").asInt() > 200) {
            throw new Refusal(400, "Invalid input");
        }
        if (++requests == 2) {
            for (int id = 1; id <= 20; id++) {
                put(id, "person " + id + ", moved", FIRST.plusSeconds(300 / 7 * 60L));
            }
        }
        long since = body.path("minimum_modified_date").longValue();
        int size = body.path("page_size").asInt(20);
        List<ObjectNode> found = found(person -> person.at().getEpochSecond() >= since);
        return Reply.json(array(page(found, (body.path("page_number").intValue() - 1) * size, size)));
    }
}
