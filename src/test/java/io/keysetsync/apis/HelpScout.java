package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * Help Scout's conversations, by the reference of its Inbox API 2.0 ("List Conversations", "Authentication"): numbered pages
 * of 25, of which {@code page} tells how many there are; a token for client id and secret in a form.
 */
final class HelpScout extends PlayedApi {

    private static final Instant FIRST = Instant.parse("2024-05-01T08:00:00Z");
    private static final int SIZE = 25;

    @Override
    String heading() {
        return "Help Scout: conversations";
    }

    @Override
    String schema() {
        return """
                {"table": "helpscout_conversations", "primary_key": ["id"],
                 "columns": {"id": "LONG", "subject": "STRING"}}""";
    }

    @Override
    List<String> compared() {
        return List.of("id", "subject");
    }

    @Override
    Map<String, String> settings() {
        return Map.of("sync.helpscout.form.secret", "client_id=hs01&client_secret=hs-s3cret");
    }

    @Override
    void populate() {
        for (int i = 1; i <= 130; i++) {
            put(i, "conversation " + i, FIRST.plusSeconds(i / 3 * 60L));
        }
        update(7, "conversation 7, answered", FIRST.plusSeconds(2_000));
    }

    @Override
    void change() {
        update(9, "conversation 9, answered", FIRST.plusSeconds(9_000));
        put(131, "conversation 131", FIRST.plusSeconds(8_000));
    }

    private void put(int id, String subject, Instant created) {
        put("%06d".formatted(id), object().put("id", id).put("subject", subject).put("createdAt", created.toString()));
    }

    private void update(int id, String subject, Instant updated) {
        records().get("%06d".formatted(id)).put("subject", subject).put("userUpdatedAt", updated.toString());
    }

    @Override
    Reply answer(Call call) {
        if (call.path().equals("/v2/oauth2/token")) {
            if (!call.body().asText().contains("client_id=hs01&client_secret=hs-s3cret")
                    || !call.body().asText().contains("grant_type=client_credentials")) {
                throw new Refusal(401, "invalid_client");
            }
            return Reply.json(object().put("token_type", "bearer")
                    .put("access_token", "hs-t0k")
                    .put("expires_in", 172_800));
        }
        call.requirePath("/v2/conversations");
        call.require("Authorization", "Bearer hs-t0k", 401);
        call.allowOnly("modifiedSince", "status", "sortField", "sortOrder", "page");
        if (!call.needed("sortField").equals("modifiedAt")
                || !call.needed("sortOrder").equals("asc")) {
            throw new Refusal(400, "the list is not sorted by modifiedAt");
        }
        Instant since = Instant.parse(call.needed("modifiedSince"));
        List<ObjectNode> found = records().values().stream()
                .filter(each -> modified(each).isAfter(since))
                .sorted(Comparator.comparing(HelpScout::modified))
                .toList();
        int page = call.number("page", 1);
        ObjectNode answer = object();
        answer.putObject("_embedded").set("conversations", array(page(found, (page - 1) * SIZE, SIZE)));
        answer.putObject("page")
                .put("size", SIZE)
                .put("totalElements", found.size())
                .put("totalPages", (found.size() + SIZE - 1) / SIZE)
                .put("number", page);
        return Reply.json(answer);
    }

    private static Instant modified(ObjectNode conversation) {
        JsonNode updated = conversation.path("userUpdatedAt");
        return Instant.parse((updated.isTextual() ? updated : conversation.path("createdAt")).textValue());
    }
}
