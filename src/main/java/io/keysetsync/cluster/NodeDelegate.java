package io.keysetsync.cluster;

import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.quartz.JobKey;
import org.quartz.TriggerKey;
import org.quartz.impl.jdbcjobstore.PostgreSQLDelegate;

/**
 * The job store's statements. A node takes only triggers of routes that it has: Camel loses the firing of any other. The
 * class that is extended reads binary columns as bytes, which MariaDB has, too.
 */
final class NodeDelegate extends PostgreSQLDelegate {

    /** Limited, as the database would sort all that are due otherwise, at each firing, under the lock of the whole cluster. */
    private static final String DUE = SELECT_NEXT_TRIGGER_TO_ACQUIRE.replaceFirst(
                    "SELECT ", "SELECT " + COL_JOB_NAME + ", " + COL_JOB_GROUP + ", ")
            + " LIMIT ?";

    private static final int FEW = 20;

    private static final int ROWS_AT_A_TIME = 100;

    private final Predicate<JobKey> isOwn;

    /** @param isOwn whether the node has the route of a job */
    NodeDelegate(Predicate<JobKey> isOwn) {
        this.isOwn = isOwn;
    }

    @Override
    public List<TriggerKey> selectTriggerToAcquire(
            Connection connection, long noLaterThan, long noEarlierThan, int most) throws SQLException {
        List<TriggerKey> own = new ArrayList<>();
        if (select(connection, noLaterThan, noEarlierThan, most + FEW, most, own)) {
            return own;
        }
        own.clear(); // most of what is due is other nodes'
        select(connection, noLaterThan, noEarlierThan, Integer.MAX_VALUE, most, own);
        return own;
    }

    /** Adds what is due, earliest first; false if there may be more behind the rows that were looked at. */
    private boolean select(
            Connection connection, long noLaterThan, long noEarlierThan, int rows, int most, List<TriggerKey> own)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(rtp(DUE))) {
            statement.setFetchSize(ROWS_AT_A_TIME);
            statement.setString(1, STATE_WAITING);
            statement.setBigDecimal(2, BigDecimal.valueOf(noLaterThan));
            statement.setBigDecimal(3, BigDecimal.valueOf(noEarlierThan));
            statement.setInt(4, rows);
            try (ResultSet row = statement.executeQuery()) {
                int looked = 0;
                while (own.size() < most && row.next()) {
                    looked++;
                    if (isOwn.test(new JobKey(row.getString(COL_JOB_NAME), row.getString(COL_JOB_GROUP)))) {
                        own.add(new TriggerKey(row.getString(COL_TRIGGER_NAME), row.getString(COL_TRIGGER_GROUP)));
                    }
                }
                return own.size() == most || looked < rows;
            }
        }
    }
}
