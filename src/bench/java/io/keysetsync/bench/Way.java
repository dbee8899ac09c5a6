package io.keysetsync.bench;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** How a page's rows get to the database. */
enum Way {
    BATCH {
        @Override
        void run(Connection connection, UpsertSql sql, List<Object[]> page) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql.batch())) {
                for (Object[] row : page) {
                    for (int i = 0; i < row.length; i++) {
                        statement.setObject(i + 1, sql.value(row[i]));
                    }
                    statement.addBatch();
                }
                statement.executeBatch();
            }
        }
    },
    /** Arrays; on MariaDB, which has none, one statement with all rows after {@code VALUES}. */
    ONE_STATEMENT {
        @Override
        void run(Connection connection, UpsertSql sql, List<Object[]> page) throws SQLException {
            try (PreparedStatement statement = connection.prepareStatement(sql.whole(page.size()))) {
                if (sql.isMariaDb()) {
                    int at = 1;
                    for (Object[] row : page) {
                        for (Object value : row) {
                            statement.setObject(at++, sql.value(value));
                        }
                    }
                } else {
                    for (int i = 0; i < page.get(0).length; i++) {
                        int column = i;
                        Object[] values = page.stream().map(row -> row[column]).toArray();
                        statement.setArray(i + 1, connection.createArrayOf(sql.element(i), values));
                    }
                }
                statement.executeUpdate();
            }
        }
    },
    /** {@code COPY} into a temporary table, merged from there: the fastest way there is, on PostgreSQL alone. */
    COPY {
        @Override
        boolean worksOn(String database) {
            return database.equals("PostgreSQL");
        }

        @Override
        void run(Connection connection, UpsertSql sql, List<Object[]> page) throws SQLException {
            try (Statement statement = connection.createStatement()) {
                statement.execute(sql.temporaryTable());
                CopyIn copy = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql.copy());
                for (Object[] row : page) {
                    byte[] line = CopyText.line(row);
                    copy.writeToCopy(line, 0, line.length);
                }
                copy.endCopy();
                statement.executeUpdate(sql.fromCopy());
            }
        }
    };

    boolean worksOn(String database) {
        return true;
    }

    abstract void run(Connection connection, UpsertSql sql, List<Object[]> page) throws SQLException;
}
