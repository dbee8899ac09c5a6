package io.keysetsync.record;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import io.keysetsync.TerminalException;
import java.io.InputStream;
import java.io.Reader;
import java.time.temporal.Temporal;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.StreamCache;
import org.apache.camel.support.ObjectHelper;
import org.jspecify.annotations.Nullable;

/**
 * The records of a page as JSON. The source passes on an array of JSON objects; the stream's steps may turn the records
 * into Java maps or JSON texts, or the page into one text.
 */
public final class Records {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .addModule(new SimpleModule().addSerializer(Temporal.class, ToStringSerializer.instance))
            .build();

    private final Exchange exchange;

    private Records(Exchange exchange) {
        this.exchange = exchange;
    }

    /**
     * The records in an exchange's body. A record that can't be read as JSON becomes a text, which is set aside later.
     *
     * @throws TerminalException if the body can't be read as records
     */
    public static List<JsonNode> of(Exchange exchange, String stream) {
        Records records = new Records(exchange);
        Object body = exchange.getMessage().getBody();
        if (isMany(body)) {
            return records.all(ObjectHelper.createIterable(body));
        }
        JsonNode page = records.json(body);
        if (page == null || !page.isContainerNode()) {
            throw new TerminalException("stream " + stream + ": a step of the stream made "
                    + body.getClass().getName() + " of a page, which can't be read as JSON records; let the step leave"
                    + " an array or a list of records");
        }
        return page.isObject() ? List.of(page) : records.all(page);
    }

    private List<JsonNode> all(Iterable<?> values) {
        List<JsonNode> all = new ArrayList<>();
        values.forEach(each -> all.add(record(each)));
        return all;
    }

    private static boolean isMany(@Nullable Object body) {
        return body == null
                || (body instanceof Iterable && !(body instanceof JsonNode))
                || body instanceof Iterator
                || body instanceof Object[];
    }

    private JsonNode record(@Nullable Object value) {
        if (value == null) {
            return NullNode.instance;
        }
        JsonNode json = json(value);
        return json == null ? TextNode.valueOf(value.toString()) : json;
    }

    /** A value as JSON; null if it can't be read as such. */
    private @Nullable JsonNode json(Object value) {
        try {
            if (value instanceof TextNode text) {
                return JSON.readTree(text.textValue());
            }
            if (value instanceof POJONode pojo) {
                return JSON.valueToTree(pojo.getPojo());
            }
            if (value instanceof JsonNode node) {
                return node;
            }
            if (value instanceof Map) {
                return JSON.valueToTree(value);
            }
            return isText(value) ? JSON.readTree(converted(String.class, value)) : converted(JsonNode.class, value);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            return null;
        }
    }

    private static boolean isText(Object value) {
        return value instanceof CharSequence
                || value instanceof byte[]
                || value instanceof InputStream
                || value instanceof Reader
                || value instanceof StreamCache;
    }

    private <T> @Nullable T converted(Class<T> type, Object value) {
        return exchange.getContext().getTypeConverter().tryConvertTo(type, exchange, value);
    }
}
