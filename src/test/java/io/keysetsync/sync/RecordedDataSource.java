package io.keysetsync.sync;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** A data source that keeps the statements that go through it. */
final class RecordedDataSource extends DelegatingDataSource {

    private static final Pattern CATALOGUE =
            Pattern.compile("information_schema|\\bpg_|getColumns|getIndexInfo", Pattern.CASE_INSENSITIVE);

    /** Methods for which drivers ask their servers. */
    private static final Set<String> QUESTIONS = Set.of("getTransactionIsolation", "getParameterMetaData");

    private final List<String> questions = new CopyOnWriteArrayList<>();
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

    /** What was asked since then besides statements. */
    List<String> questions() {
        return questions;
    }

    void forget() {
        questions.clear();
        statements.clear();
    }

    @Override
    public Connection getConnection() throws SQLException {
        return recorded(Connection.class, super.getConnection(), "");
    }

    /** @param of the statement, if it is one */
    private <T> T recorded(Class<T> type, T target, Object of) {
        return type.cast(
                Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (QUESTIONS.contains(method.getName())) {
                        questions.add((method.getName() + " " + of).strip());
                    }
                    if (CATALOGUE.matcher(method.getName()).find()) {
                        statements.add(method.getName());
                    } else if (arguments != null && arguments.length > 0 && arguments[0] instanceof String sql) {
                        statements.add(sql);
                        before.accept(sql);
                    }
                    try {
                        Object result = method.invoke(target, arguments);
                        if (result instanceof DatabaseMetaData data) {
                            return recorded(DatabaseMetaData.class, data, "");
                        }
                        if (result instanceof PreparedStatement statement) {
                            return recorded(PreparedStatement.class, statement, arguments[0]);
                        }
                        return method.getReturnType() == Statement.class && result instanceof Statement statement
                                ? recorded(Statement.class, statement, "")
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
