package io.keysetsync.pool;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * An H2 file that only the program's owner can open: everybody on this machine can connect to the port by which H2 shares
 * the file, and whoever may log in there can run code as this process. The database's one user has no name, and a password
 * that the program has generated. A database of an earlier version, whose user has no password, gets it.
 */
final class OwnedH2 extends AbstractDataSource {

    /** H2's error for a wrong user name or password. */
    private static final int REFUSED = 28000;

    private final H2File file;
    private final String url;
    private final String password;
    private final boolean isDryRun;
    private int loginTimeout;

    /**
     * Makes a data source; the database need not exist yet.
     *
     * @param isDryRun whether a database without a password stays without
     */
    OwnedH2(H2File file, String password, boolean isDryRun) {
        this.file = file;
        this.url = file.shared();
        this.password = password;
        this.isDryRun = isDryRun;
    }

    @Override
    public Connection getConnection() throws SQLException {
        try {
            return connect(password);
        } catch (SQLException e) {
            if (e.getErrorCode() != REFUSED) {
                throw e;
            }
            return withoutPassword();
        }
    }

    private Connection connect(String tried) throws SQLException {
        boolean isNew = file.isMissing();
        Connection connection = DriverManager.getConnection(url, "", tried);
        if (isNew) {
            file.restrict(); // the folder may be open to others
        }
        return connection;
    }

    /** A start may have been killed after it had written the file with the password, and before it altered the user. */
    private synchronized Connection withoutPassword() throws SQLException {
        Connection connection;
        try {
            connection = connect("");
        } catch (SQLException e) {
            return again(e);
        }
        if (!isDryRun) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("ALTER USER \"\" SET PASSWORD '" + password + "'");
            }
        }
        return connection;
    }

    /** Another connection may have altered the user meanwhile. */
    private Connection again(SQLException refused) throws SQLException {
        if (refused.getErrorCode() != REFUSED) {
            throw refused;
        }
        try {
            return connect(password);
        } catch (SQLException e) {
            throw e.getErrorCode() == REFUSED
                    ? new SQLException("the password in '" + file.password() + "' is not that of '" + file.data()
                            + "'; put back the file that belongs to it")
                    : e;
        }
    }

    /** {@inheritDoc} The pool waits as long for its own threads when it is closed. */
    @Override
    public int getLoginTimeout() {
        return loginTimeout;
    }

    @Override
    public void setLoginTimeout(int seconds) {
        loginTimeout = seconds;
    }

    @Override
    public Connection getConnection(String username, String other) throws SQLException {
        return DriverManager.getConnection(url, username, other);
    }
}
