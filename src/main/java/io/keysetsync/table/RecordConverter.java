package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Position;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Converts a stream's records to rows of its table. */
public final class RecordConverter {

    /** Where the schema has no column to guard upserts by, the cursor is kept in a column of this name. */
    public static final String CURSOR_COLUMN = "_cursor";

    private final TableSchema schema;
    private final TableSchema table;
    private static final ColumnType TIME = ColumnType.of(ColumnType.Kind.UTC_DATETIME);

    private final int firstOfDrift;
    private final FieldPath cursor;
    private final String guard;
    private final int[] key;
    private final ValueLimits limits;
    private final Drift drift;
    private final Set<String> known;

    /**
     * A converter for one stream.
     *
     * @param schema as the schema file has it
     * @param cursorField dotted path of the record's cursor
     */
    public RecordConverter(TableSchema schema, String cursorField) {
        this(
                schema,
                cursorField,
                new ValueLimits(true, Integer.MAX_VALUE, Map.of(), Set.of()),
                Drift.of("", Drift.Policy.IGNORE));
    }

    private RecordConverter(TableSchema schema, String cursorField, ValueLimits limits, Drift drift) {
        Column column = schema.column(cursorField);
        boolean canGuard = column != null && column.type().canGuard();
        this.schema = schema;
        TableSchema own = canGuard ? schema : schema.with(new Column(CURSOR_COLUMN, TIME));
        this.firstOfDrift = own.columns().size();
        for (Column each : drift.columns().values()) {
            own = own.with(each);
        }
        this.table = own;
        this.guard = canGuard ? cursorField : CURSOR_COLUMN;
        this.cursor = FieldPath.of(cursorField);
        this.limits = limits;
        this.drift = drift;
        this.known = Stream.concat(schema.columns().stream().map(Column::name), Stream.of(cursorField))
                .collect(Collectors.toUnmodifiableSet());
        this.key = schema.primaryKey().stream()
                .mapToInt(name -> table.columns().indexOf(table.column(name)))
                .toArray();
    }

    /** This converter, for a table with these limits, and with columns for fields that the schema lacks. */
    public RecordConverter within(ValueLimits tighter, Drift fields) {
        return new RecordConverter(schema, cursor.dotted(), tighter, fields);
    }

    /** What it does with fields that the schema lacks. */
    public Drift drift() {
        return drift;
    }

    /** Whether a field is the schema's, or the cursor. */
    public boolean knows(String field) {
        return known.contains(field);
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
        if (firstOfDrift > schema.columns().size() && position != null) {
            values[schema.columns().size()] = TIME.text(cursorValue);
        }
        Quarantined unfit = drift(record, values);
        if (unfit != null) {
            return unfit;
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

    /** Converts the fields that the schema lacks; gives the record where one of them sets it aside. */
    private @Nullable Quarantined drift(JsonNode record, @Nullable String[] values) {
        if (drift.policy() == Drift.Policy.IGNORE) {
            return null;
        }
        int index = firstOfDrift;
        for (Map.Entry<String, Column> each : drift.columns().entrySet()) {
            try {
                values[index++] = text(each.getValue(), record.path(each.getKey()));
            } catch (UnfitValueException e) {
                return new Quarantined(record, "field " + each.getKey() + ": " + e.getMessage());
            }
        }
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            String name = field.getKey();
            if (!known.contains(name)
                    && !drift.columns().containsKey(name)
                    && !field.getValue().isNull()) {
                return unknown(record, name);
            }
        }
        return null;
    }

    private Quarantined unknown(JsonNode record, String field) {
        String reason = "field " + field + ": " + drift.reason(field);
        if (drift.policy() == Drift.Policy.FAIL) {
            throw new TerminalException("stream " + drift.stream() + ": " + reason
                    + ", and drift=fail; add it to the schema file, or choose another drift");
        }
        return new Quarantined(record, reason);
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
