package io.keysetsync.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.keysetsync.ConfigurationException;
import io.keysetsync.table.ColumnType.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.camel.CamelContext;
import org.apache.camel.support.ResourceHelper;
import org.jspecify.annotations.Nullable;

/**
 * A stream's table, as its schema file describes it:
 *
 * <pre>{"table": "user", "primary_key": ["id"], "columns": {"id": "STRING", "updatedAt": "UTC_DATETIME"}}</pre>
 *
 * With {@code "schema": "raw"} the table is in another database schema than the connection's own (in MariaDB, in another
 * database).
 *
 * The file may also be an array of one such object, have commas after last elements, and have {@code {"type": "DECIMAL",
 * "precision": 12, "scale": 2}} for {@code DECIMAL(12,2)}: connector SDKs in Python have schemas of that form.
 *
 * @param name the table's name
 * @param primaryKey names of the key's columns, at least one
 * @param columns in the file's order
 */
public record TableSchema(TableName name, List<String> primaryKey, List<Column> columns) {

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
            .build();

    public TableSchema {
        primaryKey = List.copyOf(primaryKey);
        columns = List.copyOf(columns);
    }

    /**
     * Reads a schema file.
     *
     * @param location a Camel resource, such as {@code file:routes/user.schema.json} or {@code classpath:user.json}
     * @throws ConfigurationException if it is missing or is not such a schema
     */
    public static TableSchema load(CamelContext context, String stream, String location) {
        try (InputStream file = ResourceHelper.resolveMandatoryResourceAsInputStream(context, location)) {
            return new Reader(stream, location).schema(JSON.readTree(file));
        } catch (JsonProcessingException e) {
            throw new Reader(stream, location)
                    .broken("is not JSON: " + e.getOriginalMessage() + " in line "
                            + e.getLocation().getLineNr());
        } catch (IOException e) {
            throw new ConfigurationException(
                    "stream " + stream + ": schema '" + location + "' can't be read; create it, or correct the"
                            + " parameter 'schema' of kamelet:jdbc-upsert-sink",
                    e);
        }
    }

    /** The column of that name, or null. */
    public @Nullable Column column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElse(null);
    }

    /** The column of a field, or null. */
    @Nullable
    Column columnOf(String field) {
        return columns.stream().filter(c -> c.field().equals(field)).findFirst().orElse(null);
    }

    /**
     * This schema with other names of columns.
     *
     * @throws IllegalArgumentException if two fields would have one column
     */
    public TableSchema named(ColumnNaming naming) {
        Map<String, String> fields = new HashMap<>();
        columns.forEach(column -> {
            String name = naming.of(column.field());
            String other = fields.put(name, column.field());
            if (other != null) {
                throw new IllegalArgumentException("would make one column '" + name + "' of the fields '" + other
                        + "' and '" + column.field() + "'");
            }
        });
        return new TableSchema(
                name,
                primaryKey.stream().map(naming::of).toList(),
                columns.stream().map(column -> column.named(naming)).toList());
    }

    /** This schema with one more column. */
    TableSchema with(Column column) {
        List<Column> all = new ArrayList<>(columns);
        all.add(column);
        return new TableSchema(name, primaryKey, all);
    }

    /** The columns that are part of the key. */
    public List<Column> keyColumns() {
        return columns.stream().filter(c -> primaryKey.contains(c.name())).toList();
    }

    /** The columns whose values decide whether a row has changed: neither the key nor the time of the write. */
    public List<Column> comparedColumns() {
        return dataColumns().stream()
                .filter(c -> c.role() != Column.Role.SYNCED_AT)
                .toList();
    }

    /** The columns that are not part of the key. */
    public List<Column> dataColumns() {
        return columns.stream().filter(c -> !primaryKey.contains(c.name())).toList();
    }

    private record Reader(String stream, String location) {

        private static final Set<String> FIELDS = Set.of("schema", "table", "primary_key", "columns");

        TableSchema schema(JsonNode file) {
            if (file.isArray() && file.size() != 1) {
                throw broken("describes " + file.size() + " tables; a stream has one, so give each its own file");
            }
            return table(file.isArray() ? file.get(0) : file);
        }

        private TableSchema table(JsonNode file) {
            file.fieldNames().forEachRemaining(field -> {
                if (!FIELDS.contains(field)) {
                    throw broken(
                            "has an unknown field '" + field + "'; known are schema, table, primary_key and columns");
                }
            });
            String table = file.path("table").asText();
            if (table.isEmpty()) {
                throw broken("names no 'table'");
            }
            List<Column> columns = new ArrayList<>();
            file.path("columns").properties().forEach(c -> columns.add(column(c.getKey(), c.getValue())));
            if (columns.isEmpty()) {
                throw broken("has no 'columns'");
            }
            List<String> key = new ArrayList<>();
            file.path("primary_key").forEach(name -> key.add(name.asText()));
            Set<String> known = new HashSet<>();
            columns.forEach(c -> known.add(c.name()));
            if (key.isEmpty()) {
                throw broken("has no 'primary_key'");
            }
            key.stream().filter(name -> !known.contains(name)).findFirst().ifPresent(name -> {
                throw broken("has the key '" + name + "', which is not one of its columns");
            });
            columns.stream()
                    .filter(c -> key.contains(c.name()) && c.type().kind() == Kind.JSON)
                    .findFirst()
                    .ifPresent(c -> {
                        throw broken("has the key '" + c.name() + "' of type JSON, in which equal values can differ as"
                                + " text; make it STRING");
                    });
            return new TableSchema(new TableName(databaseSchema(file), table), key, columns);
        }

        private @Nullable String databaseSchema(JsonNode file) {
            JsonNode name = file.get("schema");
            if (name == null) {
                return null;
            }
            if (!name.isTextual() || name.textValue().isEmpty()) {
                throw broken(
                        "has " + name + " as its 'schema'; name the database schema of the table, or leave it out");
            }
            return name.textValue();
        }

        private Column column(String name, JsonNode type) {
            String text = type.isObject() ? decimal(type) : type.asText();
            return ColumnType.parse(text)
                    .map(known -> new Column(name, known))
                    .orElseThrow(() -> broken(
                            "gives column '" + name + "' the unknown type '" + text + "'; known are " + known()));
        }

        private static String decimal(JsonNode type) {
            return type.path("type").asText() + "(" + type.path("precision").asText() + ","
                    + type.path("scale").asText() + ")";
        }

        private static String known() {
            return String.join(" ", Arrays.stream(Kind.values()).map(Kind::name).toList())
                    .replace("DECIMAL", "DECIMAL(p,s)");
        }

        ConfigurationException broken(String what) {
            return new ConfigurationException("stream " + stream + ": schema '" + location + "' " + what);
        }
    }
}
