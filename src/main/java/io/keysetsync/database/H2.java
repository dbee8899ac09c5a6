package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.Row;
import io.keysetsync.table.TableSchema;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** H2 2.x in its regular mode. */
final class H2 implements Database {

    @Override
    public String name() {
        return "h2";
    }

    @Override
    public String typeOf(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "BOOLEAN";
            case SHORT -> "SMALLINT";
            case INT -> "INTEGER";
            case LONG -> "BIGINT";
            case DECIMAL -> "DECIMAL(" + type.precision() + "," + type.scale() + ")";
            case FLOAT -> "REAL";
            case DOUBLE -> "DOUBLE PRECISION";
            case NAIVE_DATE -> "DATE";
            case NAIVE_DATETIME -> "TIMESTAMP(6)";
            case UTC_DATETIME -> "TIMESTAMP(6) WITH TIME ZONE";
            case BINARY -> "VARBINARY";
            case XML, STRING -> "VARCHAR";
            case JSON -> "JSON";
        };
    }

    @Override
    public String textType() {
        return "VARCHAR";
    }

    @Override
    public boolean storesUpperCase() {
        return true;
    }

    @Override
    public boolean takesNulInText() {
        return true;
    }

    @Override
    public String upsert(TableSchema table, String guard) {
        StringBuilder sql = new StringBuilder("MERGE INTO ")
                .append(quote(table.table()))
                .append(" AS t USING (")
                .append(ArrayUpsert.page(table.columns(), H2::arrayOf, this, this::cast))
                .append(") AS s ON ");
        String separator = "";
        for (String key : table.primaryKey()) {
            sql.append(separator)
                    .append("t.")
                    .append(quote(key))
                    .append(" = s.")
                    .append(quote(key));
            separator = " AND ";
        }
        if (!table.dataColumns().isEmpty()) {
            sql.append(" WHEN MATCHED AND ")
                    .append(ArrayUpsert.replaces(table, guard, "t.", "s.", this))
                    .append(" THEN UPDATE SET ")
                    .append(ArrayUpsert.assignments(table, "s.", this));
        }
        return sql.append(" WHEN NOT MATCHED THEN INSERT (")
                .append(quoted("", table.columns()))
                .append(") VALUES (")
                .append(quoted("s.", table.columns()))
                .append(")")
                .toString();
    }

    private static String arrayOf(Column column) {
        return isBinary(column) ? "VARBINARY ARRAY" : "VARCHAR ARRAY";
    }

    private static boolean isBinary(Column column) {
        return column.type().kind() == ColumnType.Kind.BINARY;
    }

    /** H2 has no function that makes bytes of text, so that bytes are handed over as such. */
    @Override
    public List<Object> parameters(List<Column> columns, List<Row> rows) {
        return IntStream.range(0, columns.size())
                .mapToObj(column -> {
                    @Nullable String[] texts = ArrayUpsert.texts(rows, column);
                    return isBinary(columns.get(column)) ? bytes(texts) : texts;
                })
                .toList();
    }

    private static Object bytes(@Nullable String[] texts) {
        return Arrays.stream(texts)
                .map(text -> text == null ? null : HexFormat.of().parseHex(text))
                .toArray();
    }

    private String cast(Column column, String value) {
        return switch (column.type().kind()) {
            case BINARY -> value;
            case JSON -> value + " FORMAT JSON";
            default -> "CAST(" + value + " AS " + typeOf(column.type()) + ")";
        };
    }
}
