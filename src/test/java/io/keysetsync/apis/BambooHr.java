package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;

/**
 * BambooHR's changed employees, by its reference ("Get updated employee IDs"): {@code since} is included; the employees are
 * members of an object, those that are gone too; no pages.
 */
final class BambooHr extends FurtherApi {

    private static final String DELETED = "Deleted";

    BambooHr() {
        super("BambooHR: changed employees", "id", "action");
    }

    /** One request in each sync. */
    @Override
    boolean filters() {
        return false;
    }

    @Override
    boolean deletesSoftly() {
        return true;
    }

    @Override
    void populate() {
        for (int i = 1; i <= 30; i++) {
            put(i, i == 7 ? DELETED : "Inserted", FIRST.plusSeconds(i / 3));
        }
    }

    @Override
    void change() {
        put(3, "Updated", FIRST.plusSeconds(500));
        put(4, DELETED, FIRST.plusSeconds(501));
        put(31, "Inserted", FIRST.plusSeconds(30 / 3));
    }

    @Override
    List<ObjectNode> truth() {
        return found(employee -> !employee.name().equals(DELETED));
    }

    @Override
    ObjectNode written(Entry employee) {
        return object().put("id", "" + employee.id())
                .put("action", employee.name())
                .put("lastChanged", employee.at().toString().replace("Z", "+00:00"));
    }

    @Override
    Reply answer(Call call) {
        call.requireBasic("user", SECRET);
        call.allowOnly("since", "type");
        Instant since = Instant.parse(call.needed("since").replace("+00:00", "Z"));
        ObjectNode answer = object().put("latest", FIRST.plusSeconds(501).toString());
        ObjectNode employees = answer.putObject("employees");
        found(employee -> !employee.at().isBefore(since))
                .forEach(employee -> employees.set(employee.path("id").textValue(), employee));
        return Reply.json(answer);
    }
}
