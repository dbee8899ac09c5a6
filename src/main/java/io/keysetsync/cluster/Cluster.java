package io.keysetsync.cluster;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Streams;
import io.keysetsync.database.Database;
import io.keysetsync.database.Databases;
import io.keysetsync.database.Tables;
import io.keysetsync.run.StreamCursor;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.window.WindowSharing;
import io.keysetsync.store.ClusterSetting;
import io.keysetsync.store.MarkOwner;
import io.keysetsync.store.NodeName;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.apache.camel.StartupListener;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.support.LifecycleStrategySupport;
import org.jspecify.annotations.Nullable;
import org.quartz.JobKey;
import org.quartz.JobPersistenceException;
import org.quartz.Scheduler;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;

/** A context as a node of a cluster: which streams run when is Quartz's clustered job store's to know. */
public final class Cluster extends LifecycleStrategySupport implements StartupListener {

    /** For the scheduler, its two helpers, and the watch. A run's thread asks after the run has given back its own. */
    public static final int CONNECTIONS = 4;

    private static final Logger LOG = LoggerFactory.getLogger("io.keysetsync.run");

    /** A job store's shortest column for a name, less what is written before the name. */
    private static final int LONGEST_NAME = 180;

    /** A restart of the only node that has a stream takes less. */
    private static final Duration GRACE = Duration.ofMinutes(1);

    /** For runs that have ended to be noted as such. */
    private static final Duration MOST_WAIT = Duration.ofSeconds(1);

    private final CamelContext context;
    private final DataSource pool;
    private final NodeJobStore store;
    private final Nodes nodes;
    private final Duration grace;
    private final String name;
    private @Nullable ClusterWatch watch;
    private @Nullable LeavingNode leaving;

    private Cluster(CamelContext context, DataSource pool, Duration grace) {
        this.context = context;
        this.pool = pool;
        this.grace = grace;
        this.name = context.getName();
        this.store = new NodeJobStore(name, job -> ClusterWatch.hasRoute(context, job));
        this.nodes = new Nodes(new JdbcTemplate(pool, true), name, NodeName.of(context), Clock.systemUTC());
    }

    /**
     * Refuses a database that several nodes can't share.
     *
     * @param url of the database
     */
    public static void refuseUnfit(String url) {
        Database database = Databases.of(url);
        if (database.jobStoreScript() == null) {
            throw new ConfigurationException(
                    ClusterSetting.NAME + " needs a database that all nodes reach, PostgreSQL or MariaDB;"
                            + " sync.database.url names " + database.name());
        }
    }

    /**
     * Makes a context, whose name is final and whose routes are not made yet, a node.
     *
     * @param threads the most runs at the same time
     */
    public static void prepare(CamelContext context, DataSource pool, int threads) {
        prepare(context, pool, threads, GRACE);
    }

    static void prepare(CamelContext context, DataSource pool, int threads, Duration grace) {
        Cluster cluster = new Cluster(context, pool, grace);
        context.getComponent("quartz", QuartzComponent.class)
                .setSchedulerFactory(new NodeScheduler(NodeName.of(context), pool, cluster.store, threads));
        context.getCamelContextExtension().addContextPlugin(Cluster.class, cluster);
        context.addLifecycleStrategy(cluster);
        try {
            context.addStartupListener(cluster);
        } catch (Exception e) {
            throw new IllegalStateException("the context takes no listener", e);
        }
    }

    /** The cluster that a context is a node of; null if there is none. */
    public static @Nullable Cluster of(CamelContext context) {
        return context.getCamelContextExtension().getContextPlugin(Cluster.class);
    }

    /** Creates the tables, and refuses what would harm the nodes that run, before the first trigger is stored. */
    @Override
    public void onCamelContextStarting(CamelContext starting, boolean alreadyStarted) {
        Database database = Databases.of(pool);
        Tables tables = new Tables(database, new JdbcTemplate(pool, true));
        new JobStoreTables(database, Objects.requireNonNull(database.jobStoreScript()), tables).create();
        store.waitBriefly(database);
        Nodes.create(database, tables);
        Nodes.refuseContradiction(streams(), nodes.others());
    }

    @Override
    public void onCamelContextStarted(CamelContext started, boolean alreadyStarted) {}

    /** The streams of this node, and what their cursors belong to. */
    private Map<String, MarkOwner> streams() {
        StreamRegistry registry = StreamRegistry.of(context);
        Map<String, MarkOwner> streams = new TreeMap<>();
        for (String stream : registry.streams()) {
            if (stream.length() > LONGEST_NAME) {
                throw new ConfigurationException("stream " + stream + ": its name has more than " + LONGEST_NAME
                        + " characters, which the tables of the cluster's schedule don't take; shorten it");
            }
            streams.put(stream, StreamCursor.of(registry, stream).owner());
        }
        return streams;
    }

    /** Joins the cluster, and begins a run of each stream that no other node has. */
    public void join() throws SchedulerException {
        Scheduler scheduler =
                context.getComponent("quartz", QuartzComponent.class).getScheduler();
        Map<String, MarkOwner> streams = streams();
        List<Nodes.Node> others = store.exclusively(connection -> join(connection, streams));
        String group = Streams.triggerGroup(context);
        leaving = LeavingNode.watch(scheduler, group, this::leave);
        context.getManagementStrategy().addEventNotifier(leaving);
        ClusterWatch looking = new ClusterWatch(context, nodes, streams, scheduler, group, grace);
        context.getCamelContextExtension().addContextPlugin(WindowSharing.class, looking::nodesWith);
        looking.start();
        watch = looking;
        LOG.info(
                "cluster: {} has joined {}",
                NodeName.of(context),
                others.isEmpty()
                        ? "as the first node"
                        : String.join(
                                ", ", others.stream().map(Nodes.Node::name).toList()));
        scheduler.start();
    }

    private List<Nodes.Node> join(Connection connection, Map<String, MarkOwner> streams)
            throws JobPersistenceException {
        Nodes table = nodes.on(connection);
        List<Nodes.Node> others = table.others();
        Nodes.refuseContradiction(streams, others);
        for (String stream : streams.keySet()) {
            boolean isNew = others.stream().noneMatch(node -> node.streams().containsKey(stream));
            if (isNew) {
                store.triggerFirst(connection, new JobKey(stream, Streams.triggerGroup(context)));
            }
        }
        table.add(streams);
        return others;
    }

    /** Called before the routes stop. */
    @Override
    public void onContextStopping(CamelContext stopped) {
        LeavingNode node = leaving;
        if (node != null) {
            try {
                node.begin();
            } catch (SchedulerException e) {
                LeavingNode.failed(e);
            }
        }
    }

    /** Leaves the cluster, after the routes have stopped: what was interrupted begins again on another node. */
    private void leave() {
        ClusterWatch looking = watch;
        LeavingNode node = leaving;
        if (looking != null && node != null) {
            looking.close();
            try {
                node.end(store, MOST_WAIT);
                nodes.remove();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (SchedulerException | RuntimeException e) {
                LeavingNode.failed(e);
            }
        }
    }
}
