package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.record.DerivedRecord;
import io.keysetsync.record.Field;
import io.keysetsync.record.Quarantined;
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

    private static final ColumnType TIME = ColumnType.of(ColumnType.Kind.UTC_DATETIME);

    private final TableSchema schema;
    private final TableSchema table;

    private final int firstOfDrift;
    private final Field cursor;
    private final CursorFormat format;
    private final Guard guard;
    private final int guardIndex;
    private final int[] key;
    private final ValueLimits limits;
    private final List<SizeLimit> sizes;
    private final Drift drift;
    private final Set<String> known;
    private final Set<String> parents;
    private final @Nullable Deletions deletions;
    private final String syncedAt;

    /**
     * A converter for one stream.
     *
     * @param schema as the schema file has it
     * @param cursorField where a record has its cursor
     * @param format how cursors are read
     * @param deletions which records are deletions; null if none is
     * @param syncedAt the column for the time of the write; empty for none
     */
    public RecordConverter(
            TableSchema schema,
            Field cursorField,
            CursorFormat format,
            @Nullable Deletions deletions,
            String syncedAt) {
        this(
                schema,
                cursorField,
                format,
                deletions,
                syncedAt,
                new ValueLimits(true, Integer.MAX_VALUE, Map.of(), Set.of()),
                Drift.of("", Drift.Policy.IGNORE));
    }

    private RecordConverter(
            TableSchema schema,
            Field cursorField,
            CursorFormat format,
            @Nullable Deletions deletions,
            String syncedAt,
            ValueLimits limits,
            Drift drift) {
        this.cursor = cursorField;
        this.format = format;
        this.guard = Guard.of(schema, cursorField, format);
        this.schema = schema;
        this.deletions = deletions;
        this.syncedAt = syncedAt;
        TableSchema own = withOwnColumns(schema, guard, deletions, syncedAt);
        this.firstOfDrift = own.columns().size();
        for (Column each : drift.columns().values()) {
            own = own.with(each);
        }
        this.table = own;
        this.guardIndex = table.columns().indexOf(table.column(guard.name()));
        this.limits = limits;
        this.sizes = table.columns().stream().map(limits::size).toList();
        this.drift = drift;
        List<Field> flow = deletions == null ? List.of(cursor) : List.of(cursor, deletions.field());
        this.known = Stream.concat(
                        schema.columns().stream().map(Column::field),
                        flow.stream().filter(Field::isTop).map(Field::top))
                .collect(Collectors.toUnmodifiableSet());
        this.parents = flow.stream().map(Field::top).collect(Collectors.toUnmodifiableSet());
        this.key = schema.primaryKey().stream()
                .mapToInt(name -> table.columns().indexOf(table.column(name)))
                .toArray();
    }

    /** A converter like this one, for a table with these limits and with columns for fields that the schema lacks. */
    public RecordConverter within(ValueLimits tighter, Drift fields) {
        return new RecordConverter(schema, cursor, format, deletions, syncedAt, tighter, fields);
    }

    /** How this converter treats fields that the schema lacks. */
    public Drift drift() {
        return drift;
    }

    /** Whether a field is a column of the schema, the cursor, or the one that tells deletions. */
    public boolean knows(String field) {
        return known.contains(field);
    }

    /**
     * Whether a field may be in a record without a column. A field that has the cursor inside it, or what tells deletions,
     * may have other data as well: if fields get columns, it gets one; if not, it is no reason to set a record aside.
     */
    private boolean isExpected(String field) {
        return knows(field) || (drift.policy() != Drift.Policy.EVOLVE && parents.contains(field));
    }

    private static TableSchema withOwnColumns(
            TableSchema schema, Guard guard, @Nullable Deletions deletions, String syncedAt) {
        TableSchema table = schema.columns().contains(guard.column()) ? schema : schema.with(guard.column());
        if (deletions != null && deletions.mode() == Deletions.Mode.SOFT) {
            ColumnType flag = ColumnType.of(ColumnType.Kind.BOOLEAN);
            table = table.with(new Column(Deletions.COLUMN, flag, Column.Role.DELETED));
        }
        return syncedAt.isEmpty() ? table : table.with(new Column(syncedAt, TIME, Column.Role.SYNCED_AT));
    }

    /**
     * The table as it is written: the schema's columns; one for the cursor if none of them can guard upserts; those for
     * soft deletions and for the time of the write, if they are configured; those of fields that the schema lacks.
     */
    public TableSchema table() {
        return table;
    }

    /** The column whose value decides whether a row is older. */
    public Guard guard() {
        return guard;
    }

    /** Converts a record to a row; sets the record aside, with the reason, if that is not possible. */
    public Converted convert(JsonNode record) {
        if (!record.isObject()) {
            return setAside(record, "not an object");
        }
        boolean deleted;
        try {
            deleted = deletions != null && deletions.isDeletion(record);
        } catch (UnfitValueException e) {
            return setAside(record, "field " + deletions.field().text() + ": " + e.getMessage());
        }
        JsonNode cursorValue = cursor.orMissing(DerivedRecord.originOf(record));
        Position position = format.read(cursorValue);
        @Nullable String[] values = new String[table.columns().size()];
        int found = 0;
        for (int i = 0; i < schema.columns().size(); i++) {
            Column column = schema.columns().get(i);
            found += record.has(column.field()) ? 1 : 0;
            JsonNode value = i == guardIndex ? cursorValue : record.path(column.field());
            try {
                values[i] = i == guardIndex && position != null ? guardText(position, value) : text(i, value);
            } catch (UnfitValueException e) {
                if (!deleted || isNeeded(column)) {
                    return setAside(record, "field " + column.field() + ": " + e.getMessage());
                }
            }
        }
        for (int i = schema.columns().size(); i < firstOfDrift; i++) {
            Column column = table.columns().get(i);
            if (column.role() == Column.Role.DELETED) {
                values[i] = Boolean.toString(deleted);
            } else if (i == guardIndex && position != null) {
                try {
                    values[i] = guardText(position, cursorValue);
                } catch (UnfitValueException e) {
                    return setAside(record, "field " + cursor.text() + ": " + e.getMessage());
                }
            }
        }
        Converted.SetAside unfit = drift(record, values, found, deleted);
        if (unfit != null) {
            return unfit;
        }
        List<String> keyValues = new ArrayList<>(key.length);
        for (int i : key) {
            String value = values[i];
            if (value == null) {
                return setAside(record, "field " + table.columns().get(i).field() + ": the key is missing or null");
            }
            keyValues.add(value);
        }
        return new Row(keyValues, position, deleted, Collections.unmodifiableList(Arrays.asList(values)), record);
    }

    /** Whether a deletion needs a column's value; any other value that doesn't fit is left out of a deletion. */
    private boolean isNeeded(Column column) {
        return column.name().equals(guard.name()) || schema.primaryKey().contains(column.name());
    }

    /**
     * Converts the fields that the schema lacks; returns the record set aside if one of them doesn't fit, else null.
     *
     * @param found how many of the record's fields the schema has
     */
    private Converted.@Nullable SetAside drift(JsonNode record, @Nullable String[] values, int found, boolean deleted) {
        if (drift.policy() == Drift.Policy.IGNORE) {
            return null;
        }
        int all = found;
        int index = firstOfDrift;
        for (String field : drift.columns().keySet()) {
            JsonNode value = record.path(field);
            all += value.isMissingNode() ? 0 : 1;
            try {
                values[index] = text(index, value);
            } catch (UnfitValueException e) {
                if (!deleted) {
                    return setAside(record, "field " + field + ": " + e.getMessage() + drift.whyNotWider(field));
                }
            }
            index++;
        }
        if (all == record.size()) {
            return null; // as in most records
        }
        for (Map.Entry<String, JsonNode> field : record.properties()) {
            String name = field.getKey();
            if (!isExpected(name)
                    && !drift.columns().containsKey(name)
                    && !field.getValue().isNull()) {
                return unknown(record, name);
            }
        }
        return null;
    }

    private Converted.SetAside unknown(JsonNode record, String field) {
        String reason = "field " + field + ": " + drift.reason(field);
        if (drift.policy() == Drift.Policy.FAIL) {
            throw new TerminalException("stream " + drift.stream() + ": " + reason
                    + ", and drift=fail; add it to the schema file, or choose another drift");
        }
        return setAside(record, reason);
    }

    private @Nullable String text(int index, JsonNode value) {
        Column column = table.columns().get(index);
        if (value.isNull() || value.isMissingNode()) {
            if (limits.required().contains(column.name())
                    && !schema.primaryKey().contains(column.name())) {
                throw new UnfitValueException(column.type(), value, "the column takes no null");
            }
            return null;
        }
        return checked(index, value, column.type().text(value));
    }

    private String guardText(Position position, JsonNode value) {
        return checked(guardIndex, value, guard.text(position, value));
    }

    private String checked(int index, JsonNode value, String text) {
        ColumnType type = table.columns().get(index).type();
        String problem = type.hasLength() ? problem(index, value, text) : null;
        if (problem != null) {
            throw new UnfitValueException(type, value, problem);
        }
        return text;
    }

    private @Nullable String problem(int index, JsonNode value, String text) {
        ColumnType type = table.columns().get(index).type();
        String problem = Texts.problem(text, limits.takesNul());
        if (problem == null && type.kind() == ColumnType.Kind.JSON) {
            problem = Texts.jsonProblem(value, limits);
        }
        return problem == null ? sizes.get(index).problem(text, type) : problem;
    }

    private static Converted.SetAside setAside(JsonNode record, String reason) {
        return new Converted.SetAside(new Quarantined(record, reason));
    }
}
