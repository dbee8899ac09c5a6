package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.record.Field;
import io.keysetsync.table.ColumnType.Kind;
import org.jspecify.annotations.Nullable;

/**
 * The column whose value decides whether a row is older: that of the cursor's field if its values compare as the cursors
 * do, else {@value #COLUMN}.
 *
 * @param order how its values compare
 */
public record Guard(Column column, Order order) {

    /** How the values of a guard compare. */
    public enum Order {
        /** As the column's type does. */
        VALUES,
        /** As the times that epoch numbers mean by their size: an API may change their unit. */
        EPOCHS,
        /** By Unicode code points. */
        CODE_POINTS
    }

    /** The column for the cursor, if no column of the schema can guard upserts. */
    public static final String COLUMN = "_cursor";

    /** The type of a number's own column: as many digits as every database has. */
    private static final ColumnType WHOLE = new ColumnType(Kind.DECIMAL, 38, 0);

    /**
     * The guard of a stream.
     *
     * @param cursor where a record has its cursor
     */
    static Guard of(TableSchema schema, Field cursor, CursorFormat format) {
        // a column of a nested path's very name has another field's value
        Column column = cursor.isTop() ? schema.columnOf(cursor.top()) : null;
        Order order = column == null ? null : order(column.type().kind(), format);
        return order == null ? own(format) : new Guard(column, order);
    }

    /** How a column of a type compares cursors; null if it can't. */
    private static @Nullable Order order(Kind kind, CursorFormat format) {
        return switch (format.type()) {
            case TIME ->
                switch (kind) {
                    case UTC_DATETIME, NAIVE_DATETIME -> Order.VALUES;
                    case LONG -> format.readsEpochs() ? Order.EPOCHS : null;
                    case INT -> format.readsEpochs() ? Order.VALUES : null; // all its numbers count seconds
                    default -> null;
                };
            case NUMBER ->
                switch (kind) {
                    case SHORT, INT, LONG, DECIMAL -> Order.VALUES;
                    default -> null;
                };
            case TEXT -> kind == Kind.STRING ? Order.CODE_POINTS : null;
        };
    }

    private static Guard own(CursorFormat format) {
        return switch (format.type()) {
            case TIME -> new Guard(new Column(COLUMN, ColumnType.of(Kind.UTC_DATETIME)), Order.VALUES);
            case NUMBER -> new Guard(new Column(COLUMN, WHOLE), Order.VALUES);
            case TEXT -> new Guard(new Column(COLUMN, ColumnType.of(Kind.STRING)), Order.CODE_POINTS);
        };
    }

    public String name() {
        return column.name();
    }

    /**
     * The canonical text of a record's cursor. A time is the instant as the cursor was read, with the stream's zone and
     * pattern, which the column's type does not know.
     *
     * @param value that the position was read from
     * @throws UnfitValueException if the column can't take it
     */
    String text(Position position, JsonNode value) {
        if (position instanceof TimePosition time && column.type().kind() == Kind.UTC_DATETIME) {
            return column.type().utcTime(time.instant(), value);
        }
        return column.type().text(value);
    }
}
