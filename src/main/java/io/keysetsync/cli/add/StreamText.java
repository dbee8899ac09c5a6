package io.keysetsync.cli.add;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.keysetsync.table.Column;
import java.util.List;
import java.util.Map;

/**
 * A new stream as text: its route in YAML or Java, and its schema.
 *
 * @param parameters of the source without stream and url, in the order in which they are written
 * @param primaryKey names of columns
 */
public record StreamText(
        String stream, String url, Map<String, String> parameters, List<String> primaryKey, List<Column> columns) {

    /**
     * The route in YAML.
     *
     * @param schema resource of the schema's file
     */
    public String yaml(String schema) {
        StringBuilder lines = new StringBuilder();
        parameters.forEach((name, value) -> lines.append("        ")
                .append(name)
                .append(": ")
                .append(yamlValue(name, value))
                .append('\n'));
        return """
                # The stream `%1$s`: from the API into the table `%1$s`. Steps of your own go between the two Kamelets.
                - route:
                    id: %2$s
                    description: Keep the table %1$s equal to the API's records
                    from:
                      id: read-%1$s
                      description: Read what changed since the cursor, page by page
                      uri: kamelet:keyset-sync-source
                      parameters:
                        stream: %2$s
                        url: %3$s
                %4$s\
                      steps:
                        - to:
                            id: upsert-%1$s
                            description: Upsert the page and advance the cursor, in one transaction
                            uri: kamelet:jdbc-upsert-sink
                            parameters:
                              stream: %2$s
                              schema: %5$s
                """
                .formatted(stream, scalar(stream), scalar(url), lines, scalar(schema));
    }

    private static String yamlValue(String name, String value) {
        if (value.equals("true") || value.equals("false")) {
            return value;
        }
        return scalar(name.equals("query") ? raw(value) : value);
    }

    /** A query of several parameters as Camel takes it in one piece. */
    private static String raw(String value) {
        if (value.isEmpty() || value.startsWith("RAW") || value.matches("[A-Za-z0-9_.=-]*")) {
            return value;
        }
        return value.contains(")") ? "RAW{" + value + "}" : "RAW(" + value + ")";
    }

    /** A value as YAML has it: in quotes if YAML would take it for something else than a text. */
    public static String scalar(String value) {
        boolean isPlain = value.matches("[A-Za-z][A-Za-z0-9_./:-]*(?<!:)")
                && !value.matches("(?i)true|false|null|yes|no|on|off|y|n");
        return isPlain ? value : TextNode.valueOf(value).toString();
    }

    /** The schema file. */
    public String schema() {
        ObjectNode schema = JsonNodeFactory.instance.objectNode().put("table", stream);
        ArrayNode key = schema.putArray("primary_key");
        primaryKey.forEach(key::add);
        ObjectNode types = schema.putObject("columns");
        columns.forEach(column -> types.put(column.name(), column.type().toString()));
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter(
                Separators.createDefaultInstance().withObjectFieldValueSpacing(Separators.Spacing.AFTER));
        printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
        try {
            return JsonMapper.builder().build().writer(printer).writeValueAsString(schema) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e); // texts can always be written
        }
    }

    /** The same route in Java, for applications that write no routes in YAML. */
    public String java() {
        StringBuilder lines = new StringBuilder();
        parameters.forEach(
                (name, value) -> lines.append("        .with(%s, %s)\n".formatted(literal(name), literal(value))));
        return """
                // resource %s.schema.json:
                %s
                camel.addRoutes(SyncRoute.of(%s, %s)
                %s        .into(%s));
                """
                .formatted(
                        stream,
                        schema().indent(0)
                                .replaceAll("(?m)^", "// ")
                                .replaceAll("// $", "")
                                .stripTrailing(),
                        literal(stream),
                        literal(url),
                        lines,
                        literal("classpath:" + stream + ".schema.json"));
    }

    private static String literal(String text) {
        return TextNode.valueOf(text).toString(); // JSON's escapes are Java's, too
    }
}
