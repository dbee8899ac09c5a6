package io.keysetsync.database;

import io.keysetsync.Errors;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/** What a database, its driver and its transactions have to say when something fails. */
public final class DatabaseErrors {

    /**
     * Classes of SQLSTATE (SQL:2016 part 2, 24.1): no connection, no authorization, no such database; and PostgreSQL's for
     * a server that is shutting down or starting (its manual, appendix A).
     */
    private static final List<String> NO_CONNECTION = List.of("08", "28", "3D", "57P");

    /** Classes of SQLSTATE: data exception, integrity constraint violation, violation of a view's check option. */
    private static final List<String> REFUSAL = List.of("22", "23", "44");

    /** MariaDB's driver begins with it: the same error would be another one in each session. */
    private static final Pattern CONNECTION_ID = Pattern.compile("^\\(conn=\\d+\\) ");

    private DatabaseErrors() {}

    /** Whether the database refused a row, so that the others of its statement may do without it. */
    public static boolean isRefusal(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        return sql != null && isOf(REFUSAL, sql);
    }

    private static boolean isOf(List<String> classes, SQLException error) {
        String state = error.getSQLState();
        return state != null && classes.stream().anyMatch(state::startsWith);
    }

    /** Whether an error comes from a database or from its driver. */
    public static boolean isOne(Throwable error) {
        return Errors.causes(error)
                .anyMatch(cause -> cause instanceof SQLException
                        || cause instanceof DataAccessException
                        || cause instanceof TransactionException);
    }

    /** Where even the rollback failed, because the database has gone: the error that led to it, which says more. */
    public static Throwable beforeRollback(Throwable error) {
        TransactionSystemException rollback = Errors.innermost(TransactionSystemException.class, error);
        Throwable original = rollback == null ? null : rollback.getApplicationException();
        return original == null ? error : original;
    }

    /** What the driver says, unless the operating system said more: that the disk is full, say. */
    public static String describe(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        Throwable system = Errors.innermost(IOException.class, error);
        boolean ofFile = system != null && system.getClass() == IOException.class;
        if (sql == null || ofFile) {
            return Errors.describe(error);
        }
        return CONNECTION_ID.matcher(Errors.message(sql)).replaceFirst("")
                + (isOf(NO_CONNECTION, sql) ? "; check that it is up, and its url, username and password" : "");
    }
}
