package io.keysetsync.database;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import io.keysetsync.ConfigurationException;
import io.keysetsync.database.ExistingTable.ExistingColumn;
import io.keysetsync.table.Column;
import io.keysetsync.table.ServerEncoding;
import io.keysetsync.table.TableSchema;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks whether an existing table can take all that its schema describes, and which DDL would mend it. */
final class TableCheck {

    private final Database database;
    private final TableSchema table;
    private final ExistingTable existing;
    private final String alter;
    private final List<String> problems = new ArrayList<>();
    private final List<String> remedies = new ArrayList<>();

    TableCheck(Database database, TableSchema table, ExistingTable existing) {
        this.database = database;
        this.table = table;
        this.existing = existing;
        this.alter = "ALTER TABLE " + database.quote(table.name());
    }

    /**
     * Refuses names that the database can't have and might cut in silence.
     *
     * @throws ConfigurationException naming them
     */
    static void names(Database database, ServerEncoding encoding, TableSchema table, String stream) {
        if (!encoding.canKeep(stream)) {
            throw new ConfigurationException(
                    "stream " + stream + ": its name " + encoding.problem() + "; choose another one");
        }
        Stream<String> ofTable =
                Stream.of(table.name().schema(), table.name().table()).filter(Objects::nonNull);
        Stream.concat(ofTable, table.columns().stream().map(Column::name)).forEach(name -> {
            String problem = encoding.canKeep(name) ? database.problemOf(name) : encoding.problem();
            if (problem != null) {
                throw new ConfigurationException("stream " + stream + ": the name '" + visible(name)
                        + "' in its schema " + problem + "; choose another one");
            }
        });
        Map<String, String> names = new HashMap<>();
        table.columns().forEach(column -> {
            String other = names.put(database.folded(column.name()), column.name());
            if (other != null) {
                throw new ConfigurationException("stream " + stream + ": the columns '" + other + "' and '"
                        + column.name() + "' in its schema have the same name for " + database.name());
            }
        });
    }

    /** A name with its line breaks and other control characters as JSON writes them. */
    private static String visible(String name) {
        return new String(JsonStringEncoder.getInstance().quoteAsString(name));
    }

    /**
     * Compares columns, types and key.
     *
     * @throws ConfigurationException naming all that doesn't fit
     */
    void refuseUnfit(String stream) {
        if (existing.unfitKind() != null) {
            throw new ConfigurationException("stream " + stream + ": " + database.quote(table.name()) + " is "
                    + existing.unfitKind()
                    + "; rows can be saved only in a table with transactions: name another one in"
                    + " its schema, or change it");
        }
        table.columns().forEach(this::column);
        existing.columns().stream()
                .filter(found -> table.column(found.name()) == null && !found.isNullable() && !found.isFilled())
                .forEach(this::unknownColumn);
        if (problems.isEmpty()) {
            key();
        }
        if (!problems.isEmpty()) {
            throw new ConfigurationException("stream " + stream + ": the table " + database.quote(table.name())
                    + " does not fit its schema: " + String.join("; ", problems)
                    + (remedies.isEmpty() ? "" : ". To mend it: " + String.join("; ", remedies)));
        }
    }

    /**
     * Compares a column of the program's own, if the table has it.
     *
     * @throws ConfigurationException if it doesn't fit
     */
    void refuseUnfitOwn(Column own, String stream) {
        ExistingColumn found = existing.column(own.name());
        if (found != null && !found.holds(own.type())) {
            String name = database.quote(own.name());
            throw new ConfigurationException("stream " + stream + ": the table " + database.quote(table.name())
                    + " has its column " + name + " as " + found.type() + ", and the stream's cursors need "
                    + database.typeOf(own.type()) + ". To mend it: " + alter + " DROP COLUMN " + name
                    + "; the next version of each record fills it again");
        }
    }

    private void column(Column column) {
        ExistingColumn found = existing.column(column.name());
        boolean isKey = table.primaryKey().contains(column.name());
        String wanted = isKey ? database.keyTypeOf(column.type(), table) : database.typeOf(column.type());
        String name = database.quote(column.name());
        if (found == null) {
            problem("column " + name + " is missing", alter + " ADD COLUMN " + name + " " + wanted);
        } else if (found.isGenerated()) {
            problem("column " + name + " is generated by the database, which takes no value for it", null);
        } else if (!found.holds(column.type()) || (isKey && !database.comparesKeysExactly(found.type()))) {
            problem(
                    "column " + name + " is " + found.type() + ", which can't hold every " + column.type(),
                    database.changeType(table.name(), column, wanted));
        }
    }

    private void unknownColumn(ExistingColumn found) {
        problem(
                "column " + database.quote(found.name()) + " must not be null, and the schema has no value for it",
                alter + " ALTER COLUMN " + database.quote(found.name()) + " SET DEFAULT …");
    }

    private void key() {
        Set<String> key = Set.copyOf(table.primaryKey());
        boolean hasKey = existing.uniqueKeys().contains(key);
        if (!hasKey) {
            problem(
                    "it has no unique key of " + database.quoted(table.primaryKey()),
                    alter + " ADD UNIQUE (" + database.quoted(table.primaryKey()) + ")");
        } else if (database.upsertsByAnyKey()) {
            Set<Set<String>> others = new HashSet<>(existing.uniqueKeys());
            others.remove(key);
            others.stream()
                    .filter(other -> !other.containsAll(key))
                    .forEach(other -> problem(
                            "it has another unique key, of " + database.quoted(List.copyOf(other)) + ", by which "
                                    + database.name() + " could take one row for another",
                            "drop that key"));
        }
    }

    private void problem(String what, @Nullable String remedy) {
        problems.add(what);
        if (remedy != null) {
            remedies.add(remedy);
        }
    }
}
