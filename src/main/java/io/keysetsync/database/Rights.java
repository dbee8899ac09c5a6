package io.keysetsync.database;

import io.keysetsync.table.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.springframework.jdbc.core.JdbcTemplate;

/** Finds out which rights the database's user lacks, and how to give them, without trying anything. */
public final class Rights {

    private final Database database;
    private final JdbcTemplate jdbc;

    /** The missing rights, by what they are on as it stands in {@code GRANT}. */
    private final Map<String, Set<Right>> missing = new LinkedHashMap<>();

    Rights(Database database, JdbcTemplate jdbc) {
        this.database = database;
        this.jdbc = jdbc;
    }

    /**
     * Looks for the rights on a table.
     *
     * @param column one of the table's columns
     * @param exists whether the table exists; if not, the right to create it is needed
     * @param needed the rights on an existing table
     */
    public void require(TableName table, String column, boolean exists, List<Right> needed) {
        List<Right> all = new ArrayList<>();
        if (!exists) {
            all.add(Right.CREATE);
        }
        if (exists || !database.ownsWhatItCreates()) {
            all.addAll(needed);
        }
        all.stream()
                .filter(right -> !database.has(jdbc, right, table, column))
                .forEach(
                        right -> missing.computeIfAbsent(database.grantedOn(jdbc, table, exists), on -> new TreeSet<>())
                                .add(right));
    }

    public boolean isComplete() {
        return missing.isEmpty();
    }

    /** What is missing, such as {@code CREATE on SCHEMA "public"; INSERT, UPDATE on "public"."user"}. */
    public String missing() {
        return String.join(
                "; ",
                missing.entrySet().stream()
                        .map(each -> names(each.getValue()) + " on " + each.getKey())
                        .toList());
    }

    /** The statements that give what is missing, for an administrator. */
    public String grants() {
        String user = database.grantee(jdbc);
        return String.join(
                "; ",
                missing.entrySet().stream()
                        .map(each -> database.grant(names(each.getValue()), each.getKey(), user))
                        .toList());
    }

    private static String names(Set<Right> rights) {
        return String.join(", ", rights.stream().map(Right::name).toList());
    }
}
