package io.keysetsync.cli.output;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.TableRows;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Prints rows of a stream's table. */
public final class RowTable {

    private RowTable() {}

    /**
     * The rows as an aligned table, no wider than the terminal.
     *
     * @param withTypes whether the header names the columns' types, too
     */
    public static String of(TableRows rows, boolean withTypes) {
        TextTable<List<@Nullable String>> table = new TextTable<>();
        for (int i = 0; i < rows.columns().size(); i++) {
            Column column = rows.columns().get(i);
            int index = i;
            List<String> header =
                    withTypes ? List.of(column.name(), column.type().toString()) : List.of(column.name());
            if (isNumber(column.type())) {
                table.number(header, row -> shown(column.type(), row.get(index)));
            } else {
                table.text(header, row -> shown(column.type(), row.get(index)));
            }
        }
        return table.fitted(rows.rows());
    }

    private static @Nullable String shown(ColumnType type, @Nullable String value) {
        return value == null ? null : TableRows.shown(type, value);
    }

    private static boolean isNumber(ColumnType type) {
        return switch (type.kind()) {
            case SHORT, INT, LONG, DECIMAL, FLOAT, DOUBLE -> true;
            default -> false;
        };
    }

    /** A text of any origin in one line that is safe to print on a terminal. */
    public static String safe(String text) {
        return Terminal.safe(text);
    }
}
