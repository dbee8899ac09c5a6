package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Converts a stream's records to rows of its table. */
public final class RecordConverter {

    /** Where the schema has no column to guard upserts by, the cursor is kept in a column of this name. */
    public static final String CURSOR_COLUMN = "_cursor";

    private final TableSchema schema;
    private final TableSchema table;
    private final FieldPath cursor;
    private final String guard;
    private final int[] key;
    private final ValueLimits limits;

    /**
     * A converter for one stream.
     *
     * @param schema as the schema file has it
     * @param cursorField dotted path of the record's cursor
     */
    public RecordConverter(TableSchema schema, String cursorField) {
        this(schema, cursorField, new ValueLimits(true, Integer.MAX_VALUE, Map.of(), Set.of()));
    }

    private RecordConverter(TableSchema schema, String cursorField, ValueLimits limits) {
        Column column = schema.column(cursorField);
        boolean canGuard = column != null && column.type().canGuard();
        this.schema = schema;
        this.table =
                canGuard ? schema : schema.with(new Column(CURSOR_COLUMN, ColumnType.of(ColumnType.Kind.UTC_DATETIME)));
        this.guard = canGuard ? cursorField : CURSOR_COLUMN;
        this.cursor = FieldPath.of(cursorField);
        this.limits = limits;
        this.key = schema.primaryKey().stream()
                .mapToInt(name -> table.columns().indexOf(table.column(name)))
                .toArray();
    }

    /** This converter, for a table with these limits. */
    public RecordConverter within(ValueLimits tighter) {
        return new RecordConverter(schema, cursor.dotted(), tighter);
    }

    /** The table as it is written: the schema's columns, and one for the cursor where none of them can guard. */
    public TableSchema table() {
        return table;
    }

    /** The column whose value decides whether a row is older. */
    public String guard() {
        return guard;
    }

    /** A {@link Row}, or a {@link Quarantined} with the reason why it can't be one. */
    public Object convert(JsonNode record) {
        if (!record.isObject()) {
            return new Quarantined(record, "not an object");
        }
        JsonNode cursorValue = cursor.in(record);
        Position position = Position.of(cursorValue);
        @Nullable String[] values = new String[table.columns().size()];
        for (int i = 0; i < schema.columns().size(); i++) {
            Column column = schema.columns().get(i);
            try {
                values[i] = text(column, record.path(column.name()));
            } catch (UnfitValueException e) {
                return new Quarantined(record, "field " + column.name() + ": " + e.getMessage());
            }
        }
        if (values.length > schema.columns().size() && position != null) {
            values[values.length - 1] =
                    ColumnType.of(ColumnType.Kind.UTC_DATETIME).text(cursorValue);
        }
        List<String> keyValues = new ArrayList<>(key.length);
        for (int i : key) {
            String value = values[i];
            if (value == null) {
                return new Quarantined(
                        record, "field " + table.columns().get(i).name() + ": the key is missing or null");
            }
            keyValues.add(value);
        }
        return new Row(keyValues, position, Collections.unmodifiableList(Arrays.asList(values)), record);
    }

    private @Nullable String text(Column column, JsonNode value) {
        if (value.isNull() || value.isMissingNode()) {
            if (limits.required().contains(column.name())
                    && !schema.primaryKey().contains(column.name())) {
                throw new UnfitValueException(column.type(), value, "the column takes no null");
            }
            return null;
        }
        String text = column.type().text(value);
        String problem = problem(column, value, text);
        if (problem != null) {
            throw new UnfitValueException(column.type(), value, problem);
        }
        return text;
    }

    private @Nullable String problem(Column column, JsonNode value, String text) {
        if (!column.type().hasLength()) {
            return null;
        }
        String problem = Texts.problem(text, limits.takesNul());
        if (problem == null && column.type().kind() == ColumnType.Kind.JSON) {
            problem = Texts.jsonProblem(value, limits);
        }
        return problem == null ? limits.size(column).problem(text, column.type()) : problem;
    }
}
