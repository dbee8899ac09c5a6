package io.keysetsync.run;

import java.util.Set;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/** Finds the transaction managers of data sources in a context. */
final class TransactionManagers {

    private TransactionManagers() {}

    /** The context's transaction manager for a data source, or a new one if the context has none. */
    static PlatformTransactionManager of(CamelContext context, DataSource dataSource) {
        Set<ResourceTransactionManager> bound = context.getRegistry().findByType(ResourceTransactionManager.class);
        return bound.stream()
                .filter(manager -> manager.getResourceFactory() == target(dataSource))
                .map(PlatformTransactionManager.class::cast)
                .findFirst()
                .orElseGet(() -> new DataSourceTransactionManager(dataSource));
    }

    /**
     * The data source that a transaction manager reports as its resource: for a proxy that joins transactions, the
     * proxy's target.
     */
    private static @Nullable DataSource target(DataSource dataSource) {
        return dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : dataSource;
    }
}
