package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An API's answer. */
record Reply(int status, Map<String, String> headers, @Nullable JsonNode body) {

    static Reply json(JsonNode body) {
        return new Reply(200, Map.of(), body);
    }

    static Reply status(int status, JsonNode body) {
        return new Reply(status, Map.of(), body);
    }

    Reply header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Reply(status, more, body);
    }
}
