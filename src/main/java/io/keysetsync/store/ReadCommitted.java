package io.keysetsync.store;

import java.sql.Connection;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.ConnectionCallback;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionCallback;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Transactions of the isolation {@code READ COMMITTED}: MariaDB's default one locks the gaps between the rows that a page
 * looks up, against every other writer.
 *
 * <p>If an isolation is named, Spring asks each connection for its own when a transaction begins, and the drivers ask their
 * servers, for every page. So the isolation is named only if new connections have another one.
 */
final class ReadCommitted extends TransactionTemplate {

    private static final long serialVersionUID = 1L;

    private final transient TransactionTemplate unnamed;
    private final transient JdbcTemplate jdbc;
    private transient volatile @Nullable Boolean isDefault;

    ReadCommitted(PlatformTransactionManager manager, JdbcTemplate jdbc) {
        super(manager);
        setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
        this.unnamed = new TransactionTemplate(manager);
        this.jdbc = jdbc;
    }

    @Override
    public <T extends @Nullable Object> T execute(TransactionCallback<T> work) {
        return isDefault() ? unnamed.execute(work) : super.execute(work);
    }

    /** Asks a connection once, outside of any transaction, which might have another isolation. */
    private boolean isDefault() {
        Boolean known = isDefault;
        if (known == null && !TransactionSynchronizationManager.isActualTransactionActive()) {
            try {
                known = jdbc.execute((ConnectionCallback<Boolean>)
                        connection -> connection.getTransactionIsolation() == Connection.TRANSACTION_READ_COMMITTED);
                isDefault = known;
            } catch (DataAccessException e) {
                return false; // the transaction will say so
            }
        }
        return Boolean.TRUE.equals(known);
    }
}
