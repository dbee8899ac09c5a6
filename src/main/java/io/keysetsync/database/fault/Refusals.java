package io.keysetsync.database.fault;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/** Tells errors by which a database refuses a row or a change of a table from all others, by SQLSTATE and code. */
final class Refusals {

    /**
     * SQLSTATEs and their classes: data exception, integrity constraint violation, violation of a view's check option; and
     * PostgreSQL's for a row, a value in an index or a nesting that is too large (its manual, appendix A).
     */
    private static final List<String> ROW = List.of("22", "23", "44", "54000", "54001");

    /**
     * SQLSTATEs that a trigger or a row policy has for a row, but that have other causes, too: PL/pgSQL's {@code RAISE},
     * {@code SIGNAL}, PostgreSQL's for a row policy and for a lack of rights.
     */
    private static final List<String> PERHAPS_ROW = List.of("P0", "45", "42501");

    /** H2's error for an exception of a trigger that is no {@code SQLException}. */
    private static final int H2_TRIGGER = 90044;

    /** MariaDB's error for a row, or for a table, that is larger than InnoDB's page takes. */
    private static final int MARIADB_ROW_SIZE = 1118;

    /** Classes of SQLSTATE: those of rows, what a feature can't do, dependent objects, syntax and names, limits. */
    private static final List<String> CHANGE = List.of("0A", "22", "23", "2B", "42", "44", "54");

    /** MariaDB's errors for a column of a foreign key, which have no SQLSTATE that tells; H2's for what uses a column. */
    private static final Set<Integer> CHANGE_CODES = Set.of(1553, 1828, 1829, 1832, 1833, 90083, 90107, 90110);

    /** MariaDB's error for a table that can't be created, with the number of the reason. */
    private static final int MARIADB_CANNOT_CREATE = 1005;

    private static final String MARIADB_TOO_MANY_COLUMNS = "errno: 185";

    private static final String NO_RIGHT = "42501";

    /** MariaDB's errors for a lack of rights, in the class of syntax errors. */
    private static final Set<Integer> NO_RIGHT_CODES = Set.of(1044, 1142, 1143, 1227, 1370);

    private Refusals() {}

    static boolean isOfRow(SQLException error) {
        return isOf(ROW, error) || error.getErrorCode() == MARIADB_ROW_SIZE;
    }

    /** Whether an error may be about a row. A trigger of H2 may throw one without SQLSTATE. */
    static boolean mayBeOfRow(SQLException error) {
        return error.getSQLState() == null || isOf(PERHAPS_ROW, error) || error.getErrorCode() == H2_TRIGGER;
    }

    /** Whether the database refuses to change a table in this way, and would again. */
    static boolean isOfChange(SQLException error) {
        int code = error.getErrorCode();
        if (NO_RIGHT.equals(error.getSQLState()) || NO_RIGHT_CODES.contains(code)) {
            return false;
        }
        return isOf(CHANGE, error)
                || CHANGE_CODES.contains(code)
                || (code == MARIADB_CANNOT_CREATE && error.getMessage().contains(MARIADB_TOO_MANY_COLUMNS));
    }

    /** Whether an error has one of these SQLSTATEs, or is of one of these classes. */
    static boolean isOf(List<String> states, SQLException error) {
        String state = error.getSQLState();
        return state != null && states.stream().anyMatch(state::startsWith);
    }
}
