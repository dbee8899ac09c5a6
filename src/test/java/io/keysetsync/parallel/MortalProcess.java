package io.keysetsync.parallel;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A database as one process sees it, from several threads. A killed process has no connections any more, so that the
 * database rolls back what was not committed.
 */
final class MortalProcess extends AbstractDataSource {

    private final DataSource database;
    private final Set<Connection> open = ConcurrentHashMap.newKeySet();
    private int commits;
    private int fatal;
    private boolean dead;

    MortalProcess(DataSource database) {
        this.database = database;
    }

    /** Begins a new process, which is killed right after its commit of this number; 0: never. */
    synchronized void live(int lastCommit) {
        commits = 0;
        fatal = lastCommit;
        dead = false;
        open.clear();
    }

    /** Kills the process now. */
    void die() {
        synchronized (this) {
            dead = true;
        }
        open.forEach(connection -> {
            try {
                connection.close();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        });
    }

    synchronized boolean isDead() {
        return dead;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (isDead()) {
            throw killed();
        }
        Connection connection = database.getConnection();
        open.add(connection);
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> call(connection, method, arguments);
                });
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    private @Nullable Object call(Connection connection, Method method, @Nullable Object[] arguments) throws Throwable {
        if (method.getName().equals("close")) {
            open.remove(connection);
        } else if (isDead() && !method.getName().equals("isClosed")) {
            throw killed();
        }
        Object result;
        try {
            result = method.invoke(connection, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
        if (method.getName().equals("commit") && isFatal()) {
            die();
            throw killed();
        }
        return result;
    }

    private synchronized boolean isFatal() {
        return !dead && ++commits == fatal;
    }

    private static SQLException killed() {
        return new SQLException("the process was killed");
    }
}
