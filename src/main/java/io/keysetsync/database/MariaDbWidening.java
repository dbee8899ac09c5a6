package io.keysetsync.database;

import io.keysetsync.table.Column;
import io.keysetsync.table.ColumnType;
import io.keysetsync.table.ColumnType.Kind;
import io.keysetsync.table.TableName;
import java.util.List;

/**
 * How a column of MariaDB gets a type that keeps its values as JSON writes them. MariaDB would write 1 for {@code true}, and
 * zeros at a number's end; for these, a second column has the texts until all of them are written.
 */
final class MariaDbWidening {

    private final Column column;
    private final Database database;
    private final TableName table;
    private final String name;
    private final String texts;

    MariaDbWidening(TableName table, Column column, Database database) {
        this.column = column;
        this.database = database;
        this.table = table;
        this.name = database.quote(column.name());
        this.texts = database.quote(ColumnNames.hashed(column.name() + " as text"));
    }

    List<String> to(ColumnType wider) {
        if (wider.kind() == Kind.STRING && column.type().kind() == Kind.BOOLEAN) {
            return through("IF(" + name + ", 'true', 'false')", database.typeOf(wider));
        }
        return wider.kind() == Kind.STRING && column.type().scale() > 0
                ? through(PageSql.withoutZerosAtTheEnd(name), database.typeOf(wider))
                : List.of(database.changeType(table, column, database.typeOf(wider)));
    }

    private List<String> through(String text, String type) {
        return List.of(
                alter("ADD COLUMN IF NOT EXISTS " + texts + " " + type),
                "UPDATE " + database.quote(table) + " SET " + texts + " = " + text + " WHERE " + name + " IS NOT NULL",
                alter("DROP COLUMN " + name + ", CHANGE COLUMN " + texts + " " + name + " " + type));
    }

    /** Removes the second column, if a statement failed. */
    List<String> undo() {
        return List.of(alter("DROP COLUMN IF EXISTS " + texts));
    }

    private String alter(String change) {
        return "ALTER TABLE " + database.quote(table) + " " + change;
    }
}
