package io.keysetsync.database;

import io.keysetsync.table.ColumnType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table as it is in the database.
 *
 * @param columns in the table's order; none if the table doesn't exist
 * @param uniqueKeys the columns of its primary key and of each of its unique indexes
 * @param unfitKind what it is, if rows can't be saved in it as in a table with transactions; otherwise null
 */
public record ExistingTable(List<ExistingColumn> columns, List<Set<String>> uniqueKeys, @Nullable String unfitKind) {

    /**
     * A column of the table.
     *
     * @param types the types of the schema file whose every value the column can hold; none for a type that no schema names
     * @param isFilled whether the database has a value for a row that has none: a default, an identity
     * @param isGenerated whether the database alone writes the column
     */
    public record ExistingColumn(
            String name,
            SqlType type,
            List<ColumnType> types,
            boolean isNullable,
            boolean isFilled,
            boolean isGenerated) {

        /** Whether the column can hold every value of a type. */
        public boolean holds(ColumnType type) {
            return types.stream().anyMatch(own -> own.holds(type));
        }
    }

    public boolean exists() {
        return !columns.isEmpty();
    }

    /** The column of exactly that name, or null. */
    public @Nullable ExistingColumn column(String name) {
        return columns.stream().filter(c -> c.name().equals(name)).findFirst().orElse(null);
    }
}
