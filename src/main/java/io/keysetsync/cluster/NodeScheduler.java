package io.keysetsync.cluster;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.quartz.SchedulerFactory;
import org.quartz.impl.DefaultThreadExecutor;
import org.quartz.impl.DirectSchedulerFactory;
import org.quartz.simpl.SimpleThreadPool;
import org.quartz.utils.DBConnectionManager;

/** Makes the scheduler of a node, from objects instead of names of classes in properties. */
final class NodeScheduler implements SchedulerFactory {

    /** How often a node looks for what other nodes have triggered. */
    private static final long IDLE_MILLIS = 5_000;

    /** How soon a node tries again if the database is away. */
    private static final long RETRY_MILLIS = 5_000;

    /** How often a node says that it lives. Quartz believes it dead after 7.5 s more. */
    private static final long CHECK_IN_MILLIS = 3_000;

    private final String node;
    private final DataSource pool;
    private final NodeJobStore store;
    private final int threads;
    private @Nullable Scheduler scheduler;

    NodeScheduler(String node, DataSource pool, NodeJobStore store, int threads) {
        this.node = node;
        this.pool = pool;
        this.store = store;
        this.threads = threads;
    }

    @Override
    public synchronized Scheduler getScheduler() throws SchedulerException {
        Scheduler known = scheduler;
        if (known == null) {
            known = create();
            scheduler = known;
        }
        return known;
    }

    private Scheduler create() throws SchedulerException {
        DBConnectionManager.getInstance().addConnectionProvider(node, new PoolConnections(pool));
        store.setDataSource(node);
        store.setIsClustered(true);
        store.setClusterCheckinInterval(CHECK_IN_MILLIS);
        store.setDbRetryInterval(RETRY_MILLIS);
        store.setMakeThreadsDaemons(true);
        SimpleThreadPool workers = new SimpleThreadPool(threads, Thread.NORM_PRIORITY);
        workers.setThreadsInheritContextClassLoaderOfInitializingThread(true);
        DirectSchedulerFactory factory = DirectSchedulerFactory.getInstance();
        factory.createScheduler(
                node,
                node,
                workers,
                new DefaultThreadExecutor(),
                store,
                Map.of(),
                null,
                -1,
                IDLE_MILLIS,
                RETRY_MILLIS,
                false,
                null,
                threads, // all that are free take their firings in one transaction, under one lock
                0);
        return factory.getScheduler(node);
    }

    @Override
    public @Nullable Scheduler getScheduler(String name) throws SchedulerException {
        return name.equals(node) ? getScheduler() : null;
    }

    @Override
    public Collection<Scheduler> getAllSchedulers() throws SchedulerException {
        return Set.of(getScheduler());
    }
}
