package io.keysetsync.sync;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source that keeps the statements that go through it. */
final class RecordedDataSource extends DelegatingDataSource {

    private static final Pattern CATALOGUE =
            Pattern.compile("information_schema|\\bpg_|getColumns|getIndexInfo", Pattern.CASE_INSENSITIVE);

    private final List<String> statements = new CopyOnWriteArrayList<>();

    private final Consumer<String> before;

    RecordedDataSource(DataSource target) {
        this(target, statement -> {});
    }

    /** @param before called with each statement before the database gets it */
    RecordedDataSource(DataSource target, Consumer<String> before) {
        super(target);
        this.before = before;
    }

    /** The statements since the last {@link #forget} that read the catalogue. */
    List<String> catalogueQueries() {
        return statements.stream()
                .filter(statement -> CATALOGUE.matcher(statement).find())
                .toList();
    }

    void forget() {
        statements.clear();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return recorded(Connection.class, super.getConnection());
    }

    private <T> T recorded(Class<T> type, T target) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (CATALOGUE.matcher(method.getName()).find()) {
                        statements.add(method.getName());
                    } else if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
                        statements.add(sql);
                        before.accept(sql);
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        if (result instanceof DatabaseMetaData data) {
                            return recorded(DatabaseMetaData.class, data);
                        }
                        return method.getReturnType() == Statement.class && result instanceof Statement statement
                                ? recorded(Statement.class, statement)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
