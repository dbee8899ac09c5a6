package io.keysetsync.apis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;

/**
 * Intercom's companies, by its reference ("Scroll over all companies"): one scroll at a time, whose token stays the same;
 * an empty page is the end, and has the token, too; 404 if there are no companies.
 */
final class IntercomCompanies extends FurtherApi {

    private static final String TOKEN = "25b649f7-4d33-4ef6-88f5-60e5b8244309";
    private static final int SIZE = 100;

    private int given;
    private boolean isUnderWay;

    IntercomCompanies() {
        super("Intercom: companies", "id", "name");
    }

    @Override
    boolean filters() {
        return false;
    }

    @Override
    void populate() {
        // none before the first sync
    }

    @Override
    void change() {
        super.populate();
    }

    @Override
    ObjectNode written(Entry company) {
        return object().put("id", "c-%03d".formatted(company.id()))
                .put("name", company.name())
                .put("updated_at", company.at().getEpochSecond());
    }

    @Override
    Reply answer(Call call) {
        call.require("Authorization", "Bearer " + SECRET, 401);
        call.require("Intercom-Version", "2.14", 400);
        call.allowOnly("scroll_param");
        String token = call.parameter("scroll_param");
        if (truth().isEmpty()) {
            return Reply.status(404, error("no companies"));
        }
        if (token == null && isUnderWay) {
            throw new Refusal(400, "scroll already exists for this workspace");
        }
        if (token != null && !token.equals(TOKEN)) {
            throw new Refusal(404, "scroll parameter not found");
        }
        given = token == null ? 0 : given;
        ObjectNode answer = object().put("type", "list").put("scroll_param", TOKEN);
        answer.set("data", array(page(truth(), given, SIZE)));
        given += SIZE;
        isUnderWay = given - SIZE < truth().size();
        return Reply.json(answer);
    }
}
