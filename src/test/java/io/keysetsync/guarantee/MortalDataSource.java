package io.keysetsync.guarantee;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.AbstractDataSource;

/**
 * A database as one process sees it. When the process is killed, its connections close, so that the database rolls back
 * what was not committed, and nothing works any more until the next process {@linkplain #live begins}.
 */
final class MortalDataSource extends AbstractDataSource {

    private static final Set<String> WITHOUT_EFFECT =
            Set.of("isClosed", "toString", "hashCode", "equals", "unwrap", "isWrapperFor");

    private final DataSource database;
    private final List<Connection> open = new ArrayList<>();
    private final Deque<Connection> idle = new ArrayDeque<>();
    private @Nullable Crash crash;
    private boolean counting;
    private int counted;
    private boolean dead;

    MortalDataSource(DataSource database) {
        this.database = database;
    }

    /** Begins a new process, which ends at {@code next}. */
    void live(@Nullable Crash next) {
        crash = next;
        counted = 0;
        dead = false;
        counting = next != null && next.page() == 0;
    }

    /** Tells that a page of the run has arrived. */
    void arrived(int page) {
        counting |= crash != null && crash.page() == page;
    }

    boolean isDead() {
        return dead;
    }

    @Override
    public Connection getConnection() throws SQLException {
        if (dead) {
            throw killed();
        }
        Connection connection = idle.isEmpty() ? database.getConnection() : idle.pop();
        open.add(connection);
        return (Connection) mortal(Connection.class, connection);
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    private Object mortal(Class<?> type, Object target) {
        return Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> switch (method.getName()) {
                    case "equals" -> proxy == arguments[0];
                    case "hashCode" -> System.identityHashCode(proxy);
                    default -> call(target, method, arguments);
                });
    }

    private @Nullable Object call(Object target, Method method, @Nullable Object[] arguments) throws Throwable {
        if (target instanceof Connection connection && method.getName().equals("close")) {
            giveBack(connection);
            return null;
        }
        if (WITHOUT_EFFECT.contains(method.getName()) || method.getName().equals("close")) {
            return invoke(target, method, arguments);
        }
        if (dead) {
            throw killed();
        }
        boolean fatal = isFatal(target, method);
        if (fatal && !crash.moment().isAfter()) {
            throw die();
        }
        Object result = invoke(target, method, arguments);
        if (fatal) {
            throw die();
        }
        if (result instanceof PreparedStatement statement) {
            return mortal(PreparedStatement.class, statement);
        }
        return result instanceof Statement statement ? mortal(Statement.class, statement) : result;
    }

    private void giveBack(Connection connection) throws SQLException {
        if (open.remove(connection) && !dead) {
            if (!connection.getAutoCommit()) {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            idle.push(connection);
        }
    }

    private static @Nullable Object invoke(Object target, Method method, @Nullable Object[] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private boolean isFatal(Object target, Method method) {
        boolean counts = target instanceof Connection || method.getName().startsWith("execute");
        if (!counting
                || !counts
                || (crash.moment().countsOnlyCommits() && !method.getName().equals("commit"))) {
            return false;
        }
        return ++counted == crash.count();
    }

    private SQLException die() throws SQLException {
        dead = true;
        for (Connection connection : open) {
            connection.close();
        }
        open.clear();
        return killed();
    }

    private static SQLException killed() {
        return new SQLException("the process was killed");
    }
}
