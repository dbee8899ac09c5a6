package io.keysetsync.sink;

import io.keysetsync.database.ExistingTable;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.record.IsoTime;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.Guard;
import io.keysetsync.table.RecordConverter;
import io.keysetsync.table.TableRows;
import io.keysetsync.table.TableSchema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads the newest rows of a stream's table: by the column of the cursor, which guards upserts; in a table without that
 * column, by the time of the write; in a table with neither, by the key.
 */
final class NewestRows {

    private final SyncStore store;
    private final RecordConverter converter;

    NewestRows(SyncStore store, RecordConverter converter) {
        this.store = store;
        this.converter = converter;
    }

    /** All columns of the rows, also those that the schema lacks. */
    TableRows read(int limit) {
        TableSchema table = converter.table();
        ExistingTable existing = store.tables().existing(table.name());
        List<Column> columns = existing.columns().stream()
                .map(found -> new Column(found.name(), type(found, table.column(found.name()))))
                .toList();
        String query = store.database()
                .newest(table, columns.stream().map(Column::name).toList(), newest(existing), limit);
        return new TableRows(columns, store.query(query, (row, number) -> values(row, columns)));
    }

    private @Nullable Guard newest(ExistingTable existing) {
        Stream<Guard> syncedAt = converter.table().columns().stream()
                .filter(column -> column.role() == Column.Role.SYNCED_AT)
                .map(column -> new Guard(column, Guard.Order.VALUES));
        return Stream.concat(Stream.of(converter.guard()), syncedAt)
                .filter(guard -> existing.column(guard.name()) != null)
                .findFirst()
                .orElse(null);
    }

    /** The schema's type of a column, which the database may have under another one's name; of other columns its own. */
    private static ColumnType type(ExistingColumn found, @Nullable Column described) {
        if (described != null && found.holds(described.type())) {
            return described.type();
        }
        return found.types().isEmpty()
                ? ColumnType.of(Kind.STRING)
                : found.types().get(0);
    }

    private List<@Nullable String> values(ResultSet row, List<Column> columns) throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            values.add(value(row, i + 1, columns.get(i).type()));
        }
        return values;
    }

    private @Nullable String value(ResultSet row, int index, ColumnType type) throws SQLException {
        if (type.kind() == Kind.BINARY) {
            byte[] bytes = row.getBytes(index);
            return bytes == null ? null : HexFormat.of().formatHex(bytes);
        }
        String text = row.getString(index);
        if (text == null) {
            return null;
        }
        return switch (type.kind()) {
            case BOOLEAN -> Boolean.toString(row.getBoolean(index));
            case SHORT, INT, LONG, DECIMAL, FLOAT, DOUBLE -> number(row.getObject(index));
            case NAIVE_DATE, NAIVE_DATETIME, UTC_DATETIME -> time(row, index, type.kind(), text);
            default -> text;
        };
    }

    private static String number(Object value) {
        return value instanceof BigDecimal decimal ? decimal.toPlainString() : value.toString();
    }

    /** A time in the canonical form; as the database writes it if Java can't hold it, such as an infinite one. */
    private String time(ResultSet row, int index, Kind kind, String text) throws SQLException {
        try {
            return switch (kind) {
                case NAIVE_DATE -> row.getObject(index, LocalDate.class).toString();
                case NAIVE_DATETIME -> IsoTime.sql(row.getObject(index, LocalDateTime.class), "");
                default -> {
                    LocalDateTime utc = LocalDateTime.ofInstant(store.database().instantAt(row, index), ZoneOffset.UTC);
                    yield IsoTime.sql(utc, "+00");
                }
            };
        } catch (DateTimeException e) {
            return text;
        }
    }
}
