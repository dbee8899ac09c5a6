package io.keysetsync.sink;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.ParameterMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * The data source for the step {@code jdbc}: its connections take part in the page's transaction.
 *
 * <p>Camel asks each statement whether it has parameters. The drivers of PostgreSQL and MariaDB would have the server prepare
 * the statement for that, without the parameters' types, and again with them, for every page. {@link PageStatement}
 * knows its parameters, so the answer is given here.
 */
public final class TransactionalDataSource extends DelegatingDataSource {

    private static final ParameterMetaData HAS_PARAMETERS =
            proxy(ParameterMetaData.class, (proxy, method, arguments) -> {
                if (method.getName().equals("getParameterCount")) {
                    return 1; // at least
                }
                throw new UnsupportedOperationException(method.getName());
            });

    /** Does nothing: the target is set later than Spring's injector expects. */
    @Override
    public void afterPropertiesSet() {}

    /** Sets the sink whose rows go through this data source. */
    public void setSink(UpsertSink sink) {
        setTargetDataSource(sink.store().dataSource());
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection target = super.getConnection();
        return proxy(Connection.class, (proxy, method, arguments) -> {
            Object result = call(target, method, arguments);
            return result instanceof PreparedStatement statement ? withParameters(statement) : result;
        });
    }

    private static PreparedStatement withParameters(PreparedStatement target) {
        return proxy(
                PreparedStatement.class,
                (proxy, method, arguments) -> method.getName().equals("getParameterMetaData")
                        ? HAS_PARAMETERS
                        : call(target, method, arguments));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static @Nullable Object call(Object target, Method method, @Nullable Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
