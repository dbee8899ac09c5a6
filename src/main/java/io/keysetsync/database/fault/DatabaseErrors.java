package io.keysetsync.database.fault;

import io.keysetsync.Errors;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.TransactionSystemException;

/** Understands errors of a database, its driver and its transactions. */
public final class DatabaseErrors {

    /**
     * Classes of SQLSTATE (SQL:2016 part 2, 24.1): no connection, no authorization, no such database; and PostgreSQL's for
     * a server that is shutting down or starting (its manual, appendix A).
     */
    private static final List<String> NO_CONNECTION = List.of("08", "28", "3D", "57P");

    /** SQLSTATEs of a statement that was cancelled, and of one that could not get a lock in time. */
    private static final List<String> GIVEN_UP = List.of("57014", "55P03", "70100");

    /** MariaDB's error for a lock that another session holds for too long (its manual, "Error Codes"). */
    private static final int LOCK_WAIT_TIMEOUT = 1205;

    /** MariaDB's driver puts the connection's id before each message, so that no two sessions have the same message. */
    private static final Pattern CONNECTION_ID = Pattern.compile("^\\(conn=\\d+\\) ");

    private DatabaseErrors() {}

    /** Whether the database refused a row, so that the other rows of the statement can be saved without it. */
    public static boolean isRefusal(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        return sql != null && Refusals.isOfRow(sql);
    }

    /**
     * Whether the database may have refused a row: a trigger, for example, raised an error. The same statement without
     * rows tells whether it did.
     */
    public static boolean mayBeRefusal(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        return sql != null && Refusals.mayBeOfRow(sql);
    }

    /** Whether the database refused to add or to change a column, because of what the table is or has. */
    public static boolean isRefusedChange(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        return sql != null && Refusals.isOfChange(sql);
    }

    /** Whether the database or its driver gave up waiting, for a statement's end, a lock or an answer. */
    public static boolean isTimeout(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        return isSilence(error)
                || (sql != null && (Refusals.isOf(GIVEN_UP, sql) || sql.getErrorCode() == LOCK_WAIT_TIMEOUT));
    }

    private static boolean isSilence(Throwable error) {
        return Errors.innermost(SocketTimeoutException.class, error) != null;
    }

    /** Whether an error comes from a database or from its driver. */
    public static boolean isOne(Throwable error) {
        return Errors.causes(error)
                .anyMatch(cause -> cause instanceof SQLException
                        || cause instanceof DataAccessException
                        || cause instanceof TransactionException);
    }

    /** The error that led to a rollback, if the rollback failed, too, because the database has gone: the first says more. */
    public static Throwable beforeRollback(Throwable error) {
        TransactionSystemException rollback = Errors.innermost(TransactionSystemException.class, error);
        Throwable original = rollback == null ? null : rollback.getApplicationException();
        return original == null ? error : original;
    }

    /** The driver's message, or that of the operating system if that says more: that the disk is full, for example. */
    public static String describe(Throwable error) {
        SQLException sql = Errors.innermost(SQLException.class, error);
        Throwable system = Errors.innermost(IOException.class, error);
        boolean ofFile = system != null && system.getClass() == IOException.class;
        if (sql == null || ofFile) {
            return Errors.describe(error);
        }
        return CONNECTION_ID.matcher(Errors.message(sql)).replaceFirst("") + remedy(sql, error);
    }

    private static String remedy(SQLException sql, Throwable error) {
        if (isSilence(error)) {
            return "; it was silent for longer than sync.database.timeout; check that it is up, and the way to it";
        }
        if (isTimeout(error)) {
            return "; it took longer than sync.database.timeout; look for a session that holds a lock";
        }
        return Refusals.isOf(NO_CONNECTION, sql) ? "; check that it is up, and its url, username and password" : "";
    }
}
