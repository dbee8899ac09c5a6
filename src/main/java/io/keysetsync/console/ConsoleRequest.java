package io.keysetsync.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/** Reads requests to the console. */
final class ConsoleRequest {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ConsoleRequest() {}

    /** The body as JSON. */
    static JsonNode body(Exchange exchange) {
        try {
            JsonNode body = JSON.readTree(exchange.getMessage().getBody(String.class));
            if (body != null && body.isObject()) {
                return body;
            }
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // falls through to the one error for all
        }
        throw new ConsoleException(ConsoleException.BAD_REQUEST, "the body is not a JSON object");
    }

    /** A parameter of the query; the first, if it was given several times. */
    static @Nullable String parameter(Exchange exchange, String name) {
        Object value = exchange.getMessage().getHeader(name);
        return value instanceof List<?> several
                ? String.valueOf(several.get(0))
                : value == null ? null : value.toString();
    }
}
