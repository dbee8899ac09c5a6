package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.Row;
import io.keysetsync.table.TableSchema;
import java.util.List;
import java.util.stream.IntStream;

/** PostgreSQL 13 and later. */
final class PostgreSql implements Database {

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String typeOf(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> "boolean";
            case SHORT -> "smallint";
            case INT -> "integer";
            case LONG -> "bigint";
            case DECIMAL -> "numeric(" + type.precision() + "," + type.scale() + ")";
            case FLOAT -> "real";
            case DOUBLE -> "double precision";
            case NAIVE_DATE -> "date";
            case NAIVE_DATETIME -> "timestamp(6)";
            case UTC_DATETIME -> "timestamp(6) with time zone";
            case BINARY -> "bytea";
            case XML, STRING -> "text";
            case JSON -> "jsonb";
        };
    }

    @Override
    public String textType() {
        return "text";
    }

    @Override
    public boolean storesUpperCase() {
        return false;
    }

    /** PostgreSQL's manual, 8.3: "The character with code zero cannot be stored". */
    @Override
    public boolean takesNulInText() {
        return false;
    }

    @Override
    public String upsert(TableSchema table, String guard) {
        String name = quote(table.table());
        String insert = "INSERT INTO " + name + " (" + quoted("", table.columns()) + ") "
                + ArrayUpsert.page(table.columns(), column -> "text[]", this, this::cast)
                + " ON CONFLICT (" + quoted(table.primaryKey()) + ") DO ";
        if (table.dataColumns().isEmpty()) {
            return insert + "NOTHING";
        }
        return insert + "UPDATE SET " + ArrayUpsert.assignments(table, "excluded.", this) + " WHERE "
                + ArrayUpsert.replaces(table, guard, name + ".", "excluded.", this);
    }

    @Override
    public List<Object> parameters(List<Column> columns, List<Row> rows) {
        return IntStream.range(0, columns.size())
                .<Object>mapToObj(column -> ArrayUpsert.texts(rows, column))
                .toList();
    }

    private String cast(Column column, String value) {
        return column.type().kind() == ColumnType.Kind.BINARY
                ? "decode(" + value + ", 'hex')"
                : "CAST(" + value + " AS " + typeOf(column.type()) + ")";
    }
}
