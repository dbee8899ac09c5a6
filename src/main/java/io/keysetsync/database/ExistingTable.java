package io.keysetsync.database;

import io.keysetsync.table.ColumnType;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A table as it is in the database.
 *
 * @param columns in the table's order; none where there is no such table
 * @param uniqueKeys the columns of its primary key and of each of its unique indexes
 */
public record ExistingTable(List<ExistingColumn> columns, List<Set<String>> uniqueKeys) {

    /**
     * A column of it.
     *
     * @param types the types of the schema file whose every value it can hold; none for a type that is not one of ours
     * @param isFilled whether the database has a value for it where a row has none: a default, an identity
     */
    public record ExistingColumn(
            String name, SqlType type, List<ColumnType> types, boolean isNullable, boolean isFilled) {

        /** Whether it can hold every value of a type. */
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
