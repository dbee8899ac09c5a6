package io.keysetsync.sink;

import io.keysetsync.store.SyncStore;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.jdbc.JdbcConstants;
import org.apache.camel.component.jdbc.JdbcPrepareStatementStrategy;
import org.jspecify.annotations.Nullable;

/**
 * The statement of a page, for the step {@code jdbc}: its text is used literally, and its parameters are set in order.
 * Camel's default strategy would look for {@code :?name} in the whole text, also in the name of a column.
 */
public final class PageStatement implements JdbcPrepareStatementStrategy {

    private @Nullable UpsertSink sink;

    /** Sets the sink whose pages these statements save. */
    public void setSink(UpsertSink sink) {
        this.sink = sink;
    }

    /** How many rows a page's statement has changed. */
    static int changed(Message done) {
        String count = done.getHeader(JdbcConstants.JDBC_ROW_COUNT) == null
                ? JdbcConstants.JDBC_UPDATE_COUNT
                : JdbcConstants.JDBC_ROW_COUNT;
        return done.getHeader(count, 0, Integer.class);
    }

    private SyncStore store() {
        return Objects.requireNonNull(sink).store();
    }

    private int seconds() {
        return store().queryTimeout();
    }

    @Override
    public String prepareQuery(String query, boolean allowNamedParameters) {
        int seconds = seconds();
        return seconds > 0 ? store().database().withTimeout(query, seconds) : query;
    }

    @Override
    public Iterator<?> createPopulateIterator(
            String query, String preparedQuery, int expectedParams, Exchange exchange, Object value) {
        return exchange.getMessage()
                .getHeader(JdbcConstants.JDBC_PARAMETERS, List.class)
                .iterator();
    }

    @Override
    public void populateStatement(PreparedStatement statement, Iterator<?> iterator, int expectedParams)
            throws SQLException {
        if (seconds() > 0) {
            statement.setQueryTimeout(seconds());
        }
        for (int i = 1; iterator.hasNext(); i++) {
            statement.setObject(i, iterator.next());
        }
    }
}
