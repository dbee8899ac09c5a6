package io.keysetsync.run;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.database.fault.DatabaseTimeout;
import io.keysetsync.store.History;
import io.keysetsync.store.NodeName;
import io.keysetsync.store.SyncStore;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/** The databases of a context's streams, by the bean names of their data sources. */
final class Stores {

    private final CamelContext context;
    private final Function<String, CursorFormat> formats;
    private final History history;
    private final DatabaseTimeout timeout;
    private final Map<String, SyncStore> stores = new ConcurrentHashMap<>();

    /**
     * The databases of a context.
     *
     * @param formats how each stream's cursors are read
     * @throws ConfigurationException if a setting of the context can't be read
     */
    Stores(CamelContext context, Function<String, CursorFormat> formats) {
        this.context = context;
        this.formats = formats;
        this.history = History.parse(context.getPropertiesComponent()
                .resolveProperty(History.SETTING)
                .orElse(History.DEFAULT));
        this.timeout = context.getPropertiesComponent()
                .resolveProperty(DatabaseTimeout.SETTING)
                .map(DatabaseTimeout::parse)
                .orElse(DatabaseTimeout.NONE);
    }

    /**
     * The database behind a bean. Its transactions are those of the context's transaction manager for that data source,
     * or of a new one if the context has none.
     */
    SyncStore behind(String bean) {
        return stores.computeIfAbsent(bean, this::open);
    }

    private SyncStore open(String bean) {
        DataSource dataSource = context.getRegistry().lookupByNameAndType(bean, DataSource.class);
        if (dataSource == null) {
            throw new ConfigurationException("no DataSource is bound as '" + bean
                    + "'; bind one, or name yours with the parameter 'dataSource' of kamelet:jdbc-upsert-sink");
        }
        SyncStore store = new SyncStore(
                dataSource,
                transactionManager(dataSource),
                Clock.systemUTC(),
                history,
                timeout,
                formats,
                NodeName.of(context));
        String cursors = bean.equals(StreamRegistry.DEFAULT_DATA_SOURCE)
                ? StreamRegistry.CURSORS
                : StreamRegistry.CURSORS + "." + bean;
        context.getRegistry().bind(cursors, store.cursors());
        return store;
    }

    /** The context's transaction manager for a data source, or a new one if the context has none. */
    private PlatformTransactionManager transactionManager(DataSource dataSource) {
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
