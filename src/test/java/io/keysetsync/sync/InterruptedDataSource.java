package io.keysetsync.sync;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source that has something else done, in another thread, before a statement is executed. */
final class InterruptedDataSource extends DelegatingDataSource {

    private String beginning = "";
    private @Nullable Callable<?> interruption;

    InterruptedDataSource(DataSource target) {
        super(target);
    }

    /** Does the work once, before the next statement that begins so is executed. */
    void beforeNext(String statement, Callable<?> work) {
        beginning = statement;
        interruption = work;
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        return proxy(Connection.class, (method, arguments) -> {
            Object result = invoke(connection, method, arguments);
            return result instanceof PreparedStatement statement
                            && arguments[0] instanceof String sql
                            && sql.startsWith(beginning)
                    ? interrupting(statement)
                    : result;
        });
    }

    private PreparedStatement interrupting(PreparedStatement statement) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            Callable<?> work = interruption;
            if (work != null && method.getName().startsWith("execute")) {
                interruption = null;
                CompletableFuture.runAsync(() -> call(work)).join();
            }
            return invoke(statement, method, arguments);
        });
    }

    private static void call(Callable<?> work) {
        try {
            work.call();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private interface Call {
        @Nullable
        Object of(Method method, Object[] arguments) throws Throwable;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> call.of(method, arguments)));
    }

    private static @Nullable Object invoke(Object target, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
