package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One record of a {@link Feed}, in one version.
 *
 * @param id its key, served as {@code id}
 * @param cursor its cursor as the API writes it: any JSON value, or a missing node to leave the field out
 * @param fields its other fields, in the order in which they are served
 */
public record FeedRecord(String id, JsonNode cursor, Map<String, JsonNode> fields) {

    public FeedRecord {
        fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /** A record whose cursor is written exactly as given, readable or not. */
    public static FeedRecord of(String id, String cursor) {
        return new FeedRecord(id, Json.node(cursor), Map.of());
    }

    /** A record whose cursor is a JSON number: epoch seconds or milliseconds. */
    public static FeedRecord of(String id, long epoch) {
        return new FeedRecord(id, Json.node(epoch), Map.of());
    }

    /** A record whose cursor is {@code null}. */
    public static FeedRecord withNullCursor(String id) {
        return new FeedRecord(id, JsonNodeFactory.instance.nullNode(), Map.of());
    }

    /** A record that has no cursor field. */
    public static FeedRecord withoutCursor(String id) {
        return new FeedRecord(id, JsonNodeFactory.instance.missingNode(), Map.of());
    }

    /** A user with the eight fields {@code id name email address company job createdAt updatedAt}. */
    public static FeedRecord user(String id, String updatedAt) {
        return of(id, updatedAt)
                .with("name", "User " + id)
                .with("email", "user" + id + "@example.com")
                .with("address", id + " High Street\nSpringfield")
                .with("company", "Company " + id)
                .with("job", "Engineer")
                .with("createdAt", "2020-01-01T00:00:00Z");
    }

    /** This record with one more field, or another value in it: text, a number, a list, a map, a {@link JsonNode}. */
    public FeedRecord with(String field, Object value) {
        Map<String, JsonNode> more = new LinkedHashMap<>(fields);
        more.put(field, Json.node(value));
        return new FeedRecord(id, cursor, more);
    }

    /** This record at another time. */
    public FeedRecord at(String newCursor) {
        return new FeedRecord(id, Json.node(newCursor), fields);
    }

    /** This record at another time: epoch seconds or milliseconds. */
    public FeedRecord at(long newEpoch) {
        return new FeedRecord(id, Json.node(newEpoch), fields);
    }

    /** The instant that the cursor means, or empty when it is missing, null or unreadable. */
    public Optional<Instant> instant() {
        return cursor.isTextual() || cursor.isIntegralNumber() ? CursorTime.read(cursor.asText()) : Optional.empty();
    }

    ObjectNode json(String cursorField) {
        ObjectNode json = Json.object().put("id", id);
        json.setAll(fields);
        Json.set(json, cursorField, cursor);
        return json;
    }
}
