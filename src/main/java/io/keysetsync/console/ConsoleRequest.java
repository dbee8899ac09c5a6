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

    /** The most entries of one answer, and the most that one request may name. */
    static final int MOST = 1000;

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

    /** How many entries a request asks for. */
    static int limit(Exchange exchange, int otherwise) {
        String given = parameter(exchange, "limit");
        if (given == null) {
            return otherwise;
        }
        try {
            int limit = Integer.parseInt(given);
            if (limit >= 1 && limit <= MOST) {
                return limit;
            }
        } catch (NumberFormatException e) {
            // falls through to the one error for both
        }
        throw new ConsoleException(ConsoleException.BAD_REQUEST, "limit must be a whole number from 1 to " + MOST);
    }
}
