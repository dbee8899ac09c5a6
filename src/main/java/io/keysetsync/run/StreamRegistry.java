package io.keysetsync.run;

import io.keysetsync.ConfigurationException;
import io.keysetsync.store.SyncStore;
import java.time.Clock;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;

/**
 * The databases of one CamelContext, by the bean names of their data sources, and which stream goes to which. It is what
 * the two Kamelets of a stream have in common: the sink names the data source, the source finds the cursor there.
 */
public final class StreamRegistry {

    /** The bean name of the data source unless a sink names another one. */
    public static final String DEFAULT_DATA_SOURCE = "dataSource";

    /**
     * The bean name of the cursors' repository in the default data source, for steps of one's own. In another data source
     * its bean name follows after a dot.
     */
    public static final String CURSORS = "keysetSyncCursors";

    private static final Logger LOG = LoggerFactory.getLogger(StreamRegistry.class);

    private final CamelContext context;
    private final Map<String, SyncStore> stores = new ConcurrentHashMap<>();
    private final Map<String, BoundSink> sinks = new ConcurrentHashMap<>();
    private final Set<SyncStore> unreachable = ConcurrentHashMap.newKeySet();

    /** A sink, and the route that it is a part of. */
    private record BoundSink(Sink sink, String route) {}

    private StreamRegistry(CamelContext context) {
        this.context = context;
    }

    /** The context's own; made when first asked for. */
    public static StreamRegistry of(CamelContext context) {
        synchronized (context) {
            StreamRegistry stores = context.getCamelContextExtension().getContextPlugin(StreamRegistry.class);
            if (stores == null) {
                stores = new StreamRegistry(context);
                context.getCamelContextExtension().addContextPlugin(StreamRegistry.class, stores);
                context.addLifecycleStrategy(stores.unbindingRemovedSinks());
            }
            return stores;
        }
    }

    /** The table that a stream's rows go to. */
    public interface Sink {

        /** The database that has the table. */
        SyncStore store();

        /**
         * Makes sure that the table fits, if it is there; writes nothing.
         *
         * @throws ConfigurationException naming what doesn't fit
         */
        void check();

        /**
         * Creates the table if it is missing; outside of any transaction, because DDL ends one in some databases.
         *
         * @param cursorField dotted path of the records' cursor
         */
        void prepare(String cursorField);

        /**
         * Makes ready for looking at records, without creating anything.
         *
         * @param cursorField dotted path of the records' cursor
         */
        void inspect(String cursorField);

        /** The table's name, and whether it fits or would be created. */
        String table();

        /** How many records one run may quarantine, those included that the source sets aside. */
        int maxQuarantined();
    }

    /**
     * Tells where a stream's rows go, until the route that is being created has been removed. A table that doesn't fit
     * fails the start. Where the database can't be asked yet, that is left to the runs, each of which checks again.
     */
    public void bind(String stream, Sink sink) {
        String route = String.valueOf(context.getCamelContextExtension().getCreateRoute());
        sinks.put(stream, new BoundSink(sink, route));
        SyncStore store = sink.store();
        if (unreachable.contains(store)) {
            return; // many streams would wait for the same connection, one after the other
        }
        try {
            sink.check();
        } catch (DataAccessException e) {
            unreachable.add(store);
            LOG.debug("{}: the table could not be checked", stream, e);
        }
    }

    private LifecycleStrategy unbindingRemovedSinks() {
        return new LifecycleStrategySupport() {
            @Override
            public void onRoutesRemove(Collection<Route> routes) {
                for (Route removed : routes) {
                    sinks.values().removeIf(bound -> bound.route().equals(removed.getRouteId()));
                }
            }
        };
    }

    private @Nullable Sink sinkOf(String stream) {
        BoundSink bound = sinks.get(stream);
        return bound == null ? null : bound.sink();
    }

    /** The database that has a stream's cursor: the one of its rows, or the default one with another sink. */
    public SyncStore storeOf(String stream) {
        Sink sink = sinkOf(stream);
        return sink == null ? store(DEFAULT_DATA_SOURCE) : sink.store();
    }

    /** How many records one run of a stream may quarantine; any number where no sink of ours says. */
    public int maxQuarantined(String stream) {
        Sink sink = sinkOf(stream);
        return sink == null ? Integer.MAX_VALUE : sink.maxQuarantined();
    }

    /**
     * Has a stream's table ready for pages; another sink has none.
     *
     * @param looksOnly whether nothing is to be created or changed
     */
    public void prepare(String stream, String cursorField, boolean looksOnly) {
        Sink sink = sinkOf(stream);
        if (sink != null && looksOnly) {
            sink.inspect(cursorField);
        } else if (sink != null) {
            sink.prepare(cursorField);
        }
    }

    /** What a stream's table is and whether it is there yet, in words; empty with another sink. */
    public Optional<String> tableOf(String stream) {
        return Optional.ofNullable(sinkOf(stream)).map(Sink::table);
    }

    /**
     * The database behind a bean. Its transactions are those of the context's transaction manager for that data source,
     * or of one of our own where there is none.
     */
    public SyncStore store(String bean) {
        return stores.computeIfAbsent(bean, this::open);
    }

    private SyncStore open(String bean) {
        DataSource dataSource = context.getRegistry().lookupByNameAndType(bean, DataSource.class);
        if (dataSource == null) {
            throw new ConfigurationException("no DataSource is bound as '" + bean
                    + "'; bind one, or name yours with the parameter 'dataSource' of kamelet:jdbc-upsert-sink");
        }
        SyncStore store = new SyncStore(dataSource, transactionManager(dataSource), Clock.systemUTC());
        String cursors = bean.equals(DEFAULT_DATA_SOURCE) ? CURSORS : CURSORS + "." + bean;
        context.getRegistry().bind(cursors, store.cursors());
        return store;
    }

    private PlatformTransactionManager transactionManager(DataSource dataSource) {
        Set<ResourceTransactionManager> bound = context.getRegistry().findByType(ResourceTransactionManager.class);
        return bound.stream()
                .filter(manager -> manager.getResourceFactory() == target(dataSource))
                .map(PlatformTransactionManager.class::cast)
                .findFirst()
                .orElseGet(() -> new DataSourceTransactionManager(dataSource));
    }

    /** What a transaction manager takes for the resource, too, if it is given a proxy that joins its transactions. */
    private static @Nullable DataSource target(DataSource dataSource) {
        return dataSource instanceof TransactionAwareDataSourceProxy proxy ? proxy.getTargetDataSource() : dataSource;
    }
}
