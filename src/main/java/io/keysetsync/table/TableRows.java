package io.keysetsync.table;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a table, to be shown.
 *
 * @param columns in the order of the values
 * @param rows canonical texts, as {@link ColumnType#text} gives them; null is SQL's NULL
 */
public record TableRows(List<Column> columns, List<List<@Nullable String>> rows) {

    /** Keeps every digit, also the zeros at a number's end. */
    private static final JsonMapper EXACT = JsonMapper.builder()
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    /** A time as SQL writes it, without the zeros at its end. */
    private static final Pattern TIME =
            Pattern.compile("(\\d{4}-\\d\\d-\\d\\d) (\\d\\d:\\d\\d:\\d\\d(?:\\.\\d*[1-9])?)(?:\\.?0+)?(\\+00)?");

    /** The rows as JSON objects: numbers with all their digits, times in ISO 8601, bytes in Base64. */
    public ArrayNode json() {
        ArrayNode all = EXACT.createArrayNode();
        for (List<@Nullable String> row : rows) {
            ObjectNode values = all.addObject();
            for (int i = 0; i < columns.size(); i++) {
                values.set(columns.get(i).name(), json(columns.get(i).type(), row.get(i)));
            }
        }
        return all;
    }

    private static JsonNode json(ColumnType type, @Nullable String value) {
        if (value == null) {
            return NullNode.getInstance();
        }
        return switch (type.kind()) {
            case BOOLEAN -> BooleanNode.valueOf(Boolean.parseBoolean(value));
            case SHORT, INT, LONG, DECIMAL, FLOAT, DOUBLE -> number(value);
            case JSON -> tree(value);
            case BINARY ->
                TextNode.valueOf(
                        Base64.getEncoder().encodeToString(HexFormat.of().parseHex(value)));
            default -> TextNode.valueOf(shown(type, value));
        };
    }

    /** A value as people read it: as its canonical text, but times in ISO 8601 without zeros at their end. */
    public static String shown(ColumnType type, String value) {
        return switch (type.kind()) {
            case NAIVE_DATETIME, UTC_DATETIME -> {
                Matcher time = TIME.matcher(value);
                yield time.matches() ? time.group(1) + "T" + time.group(2) + (time.group(3) == null ? "" : "Z") : value;
            }
            default -> value;
        };
    }

    private static JsonNode number(String value) {
        try {
            return DecimalNode.valueOf(new BigDecimal(value));
        } catch (NumberFormatException e) {
            return TextNode.valueOf(value); // NaN and infinities, for which JSON has no numbers
        }
    }

    private static JsonNode tree(String value) {
        try {
            return EXACT.readTree(value);
        } catch (JsonProcessingException e) {
            return TextNode.valueOf(value); // deeper, or with longer numbers, than the parser takes
        }
    }
}
