package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.record.IsoTime;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.DriftType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The columns that hold some records: none narrower than the values allow, and with room for others of their kind. A field
 * that is null in all records has no column: {@code drift: evolve} adds one when its first value comes.
 */
final class ColumnTypes {

    private static final ColumnType LONG = ColumnType.of(Kind.LONG);
    private static final ColumnType STRING = ColumnType.of(Kind.STRING);

    /** Of numbers with a decimal point, even if nothing but zeros follows. */
    private static final ColumnType WITH_POINT = new ColumnType(Kind.DECIMAL, 26, 6);

    /** The types of times, the narrowest first. */
    private static final List<ColumnType> TIMES = List.of(
            ColumnType.of(Kind.NAIVE_DATE), ColumnType.of(Kind.NAIVE_DATETIME), ColumnType.of(Kind.UTC_DATETIME));

    private static final Pattern DIGITS = Pattern.compile("[-+]?[\\d.]*");

    private ColumnTypes() {}

    /** The columns, in the order in which the records have their fields. */
    static List<Column> of(List<JsonNode> records) {
        Map<String, List<JsonNode>> values = new LinkedHashMap<>();
        records.forEach(record -> record.properties().forEach(field -> {
            if (!field.getValue().isNull()) {
                values.computeIfAbsent(field.getKey(), name -> new ArrayList<>())
                        .add(field.getValue());
            }
        }));
        return values.entrySet().stream()
                .map(field -> new Column(field.getKey(), type(field.getValue())))
                .toList();
    }

    private static ColumnType type(List<JsonNode> values) {
        if (values.stream().allMatch(JsonNode::isTextual)) {
            return TIMES.stream()
                    .filter(type -> values.stream().allMatch(value -> isTime(type, value)))
                    .findFirst()
                    .orElse(STRING);
        }
        ColumnType joined = null;
        for (JsonNode value : values) {
            joined = DriftType.join(joined, type(value));
        }
        ColumnType type = Objects.requireNonNull(joined);
        return ColumnType.parse(type.toString()).orElse(STRING); // a schema file has no DECIMAL(58,38)
    }

    private static ColumnType type(JsonNode value) {
        ColumnType narrowest = DriftType.of(value);
        if (!value.isNumber()) {
            return narrowest;
        }
        return DriftType.join(value.isIntegralNumber() ? LONG : WITH_POINT, narrowest);
    }

    /** Whether a text is a time of this type, and not a number, or a time of another kind. */
    private static boolean isTime(ColumnType type, JsonNode value) {
        if (DIGITS.matcher(value.textValue()).matches()) {
            return false;
        }
        @Nullable IsoTime time = IsoTime.parse(value.textValue());
        if (type.kind() == Kind.UTC_DATETIME && time != null && time.offset() == null) {
            return false;
        }
        return type.fits(value);
    }
}
