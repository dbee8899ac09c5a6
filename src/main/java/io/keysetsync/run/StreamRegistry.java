package io.keysetsync.run;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.database.Rights;
import io.keysetsync.paging.PageReader;
import io.keysetsync.store.StreamStates.StreamState;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.TableRows;
import io.keysetsync.table.TableSchema;
import java.net.URI;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.spi.LifecycleStrategy;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/**
 * The streams of one CamelContext, by name: the source that reads each and the sink that writes it; and the databases that
 * they go to, by the bean names of their data sources.
 */
public final class StreamRegistry {

    /** The bean name of the data source unless a sink names another one. */
    public static final String DEFAULT_DATA_SOURCE = "dataSource";

    /**
     * The bean name of the cursors' repository in the default data source, for custom steps. For another data source, a
     * dot and the data source's bean name follow.
     */
    public static final String CURSORS = "keysetSyncCursors";

    private static final Logger LOG = LoggerFactory.getLogger(StreamRegistry.class);

    private final CamelContext context;
    private final Stores stores;
    private final Map<String, Bound<Source>> sources = new ConcurrentHashMap<>();
    private final Map<String, Bound<Sink>> sinks = new ConcurrentHashMap<>();
    private final Set<SyncStore> unreachable = ConcurrentHashMap.newKeySet();

    /** One half of a stream, and the route that has this half. */
    private record Bound<T>(T half, String route) {}

    private StreamRegistry(CamelContext context) {
        this.context = context;
        this.stores = new Stores(context, this::cursorFormat);
    }

    /**
     * The registry of a context; created on first use.
     *
     * @throws ConfigurationException if a setting of the context can't be read
     */
    public static StreamRegistry of(CamelContext context) {
        synchronized (context) {
            StreamRegistry registry = context.getCamelContextExtension().getContextPlugin(StreamRegistry.class);
            if (registry == null) {
                registry = new StreamRegistry(context);
                context.getCamelContextExtension().addContextPlugin(StreamRegistry.class, registry);
                context.addLifecycleStrategy(registry.unbindingRemovedRoutes());
            }
            return registry;
        }
    }

    /** The reading half of a stream. */
    public interface Source {

        /** The plan of every run. */
        RunPlan plan();

        /** The API's endpoint. */
        URI url();

        /** Reads the API's answers. */
        PageReader reader();

        /** The request with which a run would begin if this readable text, or none, were the stored cursor. */
        FirstRequest firstRequest(@Nullable String cursor);
    }

    /** The writing half of a stream: the table that its rows go to. */
    public interface Sink {

        /** The database that has the table. */
        SyncStore store();

        /**
         * Checks that the table, if there is one, fits the schema and the source's cursors; writes nothing.
         *
         * @param source null if it isn't known yet
         * @throws ConfigurationException naming what doesn't fit
         */
        void check(@Nullable RunPlan source);

        /**
         * Creates the table if it is missing. Must be called outside of any transaction, because DDL commits a
         * transaction in some databases.
         *
         * @param source whose records the table takes
         * @param isDryRun whether nothing may be created
         */
        PreparedTable prepare(RunPlan source, boolean isDryRun);

        /** The table as its schema describes it. */
        TableSchema schema();

        boolean exists();

        /** The rights that the database's user lacks for the runs; nothing is tried. */
        Rights rights();

        /** The table's name, and whether it fits or would be created. */
        String table();

        /** The newest rows of the table, which exists; by its columns as the source's records and cursors fill them. */
        TableRows newest(RunPlan source, int limit);

        /** The most records that one run may quarantine, including those that the source sets aside. */
        int maxQuarantined();
    }

    /**
     * Makes the source of a stream known, until the route that is being created has been removed.
     *
     * @throws ConfigurationException if another route has a source of this stream
     */
    public void bind(Source source) {
        String stream = source.plan().stream();
        rejectDuplicate(stream, sources.get(stream), "kamelet:keyset-sync-source");
        sources.put(stream, new Bound<>(source, routeBeingCreated()));
        Sink sink = sinkOf(stream);
        if (sink != null) {
            check(sink, source.plan());
        }
    }

    /**
     * Makes the sink of a stream known, until the route that is being created has been removed. A table that doesn't fit
     * fails the start. If the database can't be asked yet, each run checks the table again.
     *
     * @throws ConfigurationException if another route has a sink for this stream, or the table doesn't fit
     */
    public void bind(String stream, Sink sink) {
        rejectDuplicate(stream, sinks.get(stream), "kamelet:jdbc-upsert-sink");
        sinks.put(stream, new Bound<>(sink, routeBeingCreated()));
        Bound<Source> source = sources.get(stream);
        check(sink, source == null ? null : source.half().plan());
    }

    private void check(Sink sink, @Nullable RunPlan source) {
        SyncStore store = sink.store();
        if (unreachable.contains(store)) {
            return; // else many streams would wait for the same connection, one after the other
        }
        try {
            sink.check(source);
        } catch (DataAccessException e) {
            unreachable.add(store);
            LOG.debug("a table could not be checked", e);
        }
    }

    private String routeBeingCreated() {
        return String.valueOf(context.getCamelContextExtension().getCreateRoute());
    }

    /**
     * Refuses a second route for a stream. A route that failed to start leaves its half behind; a route without a
     * definition does not count.
     */
    private void rejectDuplicate(String stream, @Nullable Bound<?> first, String kamelet) {
        if (first != null
                && !first.route().equals(routeBeingCreated())
                && ((ModelCamelContext) context).getRouteDefinition(first.route()) != null) {
            throw new ConfigurationException("stream '" + stream + "' has two routes with " + kamelet
                    + "; rename one of the streams, or remove one of the routes");
        }
    }

    private LifecycleStrategy unbindingRemovedRoutes() {
        return new LifecycleStrategySupport() {
            @Override
            public void onRoutesRemove(Collection<Route> routes) {
                for (Route removed : routes) {
                    sources.values().removeIf(bound -> bound.route().equals(removed.getRouteId()));
                    sinks.values().removeIf(bound -> bound.route().equals(removed.getRouteId()));
                }
            }
        };
    }

    /** The names of the streams that have a source. */
    public Set<String> streams() {
        return new TreeSet<>(sources.keySet());
    }

    /**
     * The source of a stream.
     *
     * @throws ConfigurationException if there is no such stream
     */
    public Source source(String stream) {
        Bound<Source> bound = sources.get(stream);
        if (bound == null) {
            throw new ConfigurationException("stream '" + stream + "' is unknown: no route has"
                    + " kamelet:keyset-sync-source with this name; known are " + String.join(", ", streams()));
        }
        return bound.half();
    }

    /** The id of the route that has a stream's source; empty if there is no such stream. */
    public String routeOf(String stream) {
        Bound<Source> bound = sources.get(stream);
        return bound == null ? "" : bound.route();
    }

    /** How a stream's cursors are read; those of a stream that has no source as times. */
    private CursorFormat cursorFormat(String stream) {
        Bound<Source> bound = sources.get(stream);
        return bound == null ? CursorFormat.DEFAULT : bound.half().plan().format();
    }

    /** The sink of a stream; null if the stream has another one. */
    public @Nullable Sink sinkOf(String stream) {
        Bound<Sink> bound = sinks.get(stream);
        return bound == null ? null : bound.half();
    }

    /**
     * The database that has a stream's cursor: the one that has the stream's rows, or the default one if the stream has
     * another sink.
     */
    public SyncStore storeOf(String stream) {
        Sink sink = sinkOf(stream);
        return sink == null ? store(DEFAULT_DATA_SOURCE) : sink.store();
    }

    /** The most records that one run of a stream may quarantine; unlimited if the stream has another sink. */
    public int maxQuarantined(String stream) {
        Sink sink = sinkOf(stream);
        return sink == null ? Integer.MAX_VALUE : sink.maxQuarantined();
    }

    /** Prepares the stream's table for a run's pages; does nothing if the stream has another sink. */
    public void prepare(Run run) {
        Sink sink = sinkOf(run.stream());
        if (sink != null) {
            run.prepared(sink.prepare(run.plan(), run.isDryRun()));
        }
    }

    /** The databases that the streams' cursors are in, and the default one. */
    public Set<SyncStore> stores() {
        return Stream.concat(
                        Stream.of(store(DEFAULT_DATA_SOURCE)),
                        streams().stream().map(this::storeOf))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** How some streams are doing, by their names in order. Each database is asked once for all of its streams. */
    public Map<String, StreamState> states(Collection<String> streams) {
        Map<String, StreamState> states = new TreeMap<>();
        streams.stream()
                .collect(Collectors.groupingBy(this::storeOf))
                .forEach((store, some) -> states.putAll(store.currentStates(some)));
        return states;
    }

    /** The database behind a bean. */
    public SyncStore store(String bean) {
        return stores.behind(bean);
    }
}
