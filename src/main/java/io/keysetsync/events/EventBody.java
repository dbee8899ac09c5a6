package io.keysetsync.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import org.apache.camel.spi.TypeConverterRegistry;
import org.apache.camel.support.SimpleTypeConverter;

/**
 * A JSON object as the body of a message: its fields can be named in expressions, as in {@code ${body[stream]}}, and
 * wherever the body is text or bytes, it is JSON in one line. Camel itself can do only one of both with a body.
 */
final class EventBody extends LinkedHashMap<String, Object> {

    private static final long serialVersionUID = 1L;

    private static final JsonMapper JSON = new JsonMapper();

    /** Makes the bodies known to a context, so that its components can send them. */
    static void addConverters(TypeConverterRegistry registry) {
        registry.addTypeConverter(
                String.class,
                EventBody.class,
                new SimpleTypeConverter(true, (type, exchange, body) -> body.toString()));
        registry.addTypeConverter(
                byte[].class, EventBody.class, new SimpleTypeConverter(true, (type, exchange, body) -> bytes(body)));
        registry.addTypeConverter(
                InputStream.class,
                EventBody.class,
                new SimpleTypeConverter(true, (type, exchange, body) -> new ByteArrayInputStream(bytes(body))));
    }

    private static byte[] bytes(Object body) {
        return body.toString().getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        try {
            return JSON.writeValueAsString(this);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("texts, numbers and flags can't be written", e);
        }
    }
}
