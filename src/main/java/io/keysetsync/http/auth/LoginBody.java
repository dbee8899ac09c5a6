package io.keysetsync.http.auth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;

/** The JSON body of a login, with places for user and password: {@code {username}} and {@code {password}} in its texts. */
record LoginBody(JsonNode template) {

    private static final Pattern PLACE = Pattern.compile("\\{(username|password)}");

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static final LoginBody USUAL = new LoginBody(
            JsonNodeFactory.instance.objectNode().put("username", "{username}").put("password", "{password}"));

    /**
     * Reads a body from a resource.
     *
     * @throws IOException if there is no such resource, or if it is not JSON; the message quotes nothing of it
     */
    static LoginBody read(CamelContext context, String resource) throws IOException {
        try (InputStream file = ResourceHelper.resolveMandatoryResourceAsInputStream(context, resource)) {
            JsonNode template = JSON.readTree(file);
            if (template.isMissingNode()) {
                throw new IOException("is empty");
            }
            return new LoginBody(template);
        } catch (JsonProcessingException e) {
            throw new IOException("is not JSON in line " + e.getLocation().getLineNr());
        }
    }

    /** Whether the body has a place for {@code username} or {@code password}. */
    boolean has(String name) {
        return !fill(Map.of(name, ""), template).equals(template);
    }

    /** The body with values in their places; a value is never searched for places. */
    JsonNode filled(Map<String, String> values) {
        return fill(values, template);
    }

    private static JsonNode fill(Map<String, String> values, JsonNode node) {
        if (node instanceof ObjectNode object) {
            ObjectNode filled = JsonNodeFactory.instance.objectNode();
            object.properties().forEach(member -> filled.set(member.getKey(), fill(values, member.getValue())));
            return filled;
        }
        if (node instanceof ArrayNode array) {
            ArrayNode filled = JsonNodeFactory.instance.arrayNode();
            array.forEach(element -> filled.add(fill(values, element)));
            return filled;
        }
        return node.isTextual()
                ? TextNode.valueOf(PLACE.matcher(node.textValue())
                        .replaceAll(
                                place -> Matcher.quoteReplacement(values.getOrDefault(place.group(1), place.group()))))
                : node;
    }
}
