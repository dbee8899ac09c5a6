package io.keysetsync.source;

import io.keysetsync.run.Run;
import io.keysetsync.run.StreamCursor;
import io.keysetsync.run.StreamRegistry;
import io.keysetsync.run.lifecycle.RunsUnderWay;
import io.keysetsync.run.window.CommitWindow;
import io.keysetsync.run.window.SharedWindows;
import io.keysetsync.run.window.WindowSharing;
import io.keysetsync.store.ClusterSetting;
import io.keysetsync.store.NodeName;
import io.keysetsync.store.SyncStore;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lanes of a node of a cluster. Once a second, each node shows that it lives, and opens one more lane for every run that
 * asks for several windows at once and has a place left, whichever node began that run, up to its share of the places. So the
 * nodes share the windows.
 */
final class ClusterLanes {

    private static final Logger LOG = LoggerFactory.getLogger(ClusterLanes.class);

    private final CamelContext context;
    private final Map<String, Half> halves = new ConcurrentHashMap<>();

    /** A stream's source, and the run of another node that this one has joined. */
    private static final class Half {
        private final SyncSource source;
        private @Nullable String run;
        private @Nullable SharedWindows joined;

        Half(SyncSource source) {
            this.source = source;
        }
    }

    private ClusterLanes(CamelContext context) {
        this.context = context;
        ScheduledExecutorService thread =
                context.getExecutorServiceManager().newSingleThreadScheduledExecutor(this, "keyset-sync-lanes");
        Future<?> unused = thread.scheduleWithFixedDelay(this::look, 1, 1, TimeUnit.SECONDS);
    }

    /** Takes part in the runs of a stream, if the context is a node of a cluster, and the stream has parallel windows. */
    static void add(CamelContext context, SyncSource source) {
        if (source.plan().parallelWindows() == 1 || !ClusterSetting.isOn(context)) {
            return;
        }
        synchronized (context) {
            ClusterLanes lanes = context.getCamelContextExtension().getContextPlugin(ClusterLanes.class);
            if (lanes == null) {
                lanes = new ClusterLanes(context);
                context.getCamelContextExtension().addContextPlugin(ClusterLanes.class, lanes);
            }
            lanes.halves.put(source.plan().stream(), new Half(source));
        }
    }

    /** Looks once; a look that throws would be the last one. */
    private void look() {
        if (!context.isStarted() || context.isStopping()) {
            return;
        }
        halves.forEach((stream, half) -> {
            try {
                look(stream, half);
            } catch (Exception e) {
                LOG.debug("{}: no lane could be opened", stream, e); // the run's own lanes report what is wrong
            }
        });
    }

    private void look(String stream, Half half) {
        StreamRegistry registry = StreamRegistry.of(context);
        if (!registry.streams().contains(stream) || registry.source(stream) != half.source) {
            halves.remove(stream, half);
            return;
        }
        SharedWindows windows = windows(stream, half, registry);
        if (windows != null && windows.beat()) {
            windows.lanes().shareAmong(WindowSharing.of(context).nodesWith(stream));
            Run lane = windows.open();
            if (lane != null) {
                new Lanes(half.source).start(lane, windows, context);
            }
        }
    }

    /** The windows of the stream's run under way, if there is one. */
    private @Nullable SharedWindows windows(String stream, Half half, StreamRegistry registry) {
        for (Run run : RunsUnderWay.of(context).all()) {
            if (run.stream().equals(stream)) {
                return CommitWindow.windowsOf(run);
            }
        }
        SyncStore store = registry.storeOf(stream);
        if (!store.stateTables().haveWindows()) {
            return null;
        }
        CommitWindow commit =
                new CommitWindow(store, StreamCursor.of(registry, stream).owner(), registry.maxQuarantined(stream));
        String plan = half.source.parameters().windowsPlan(commit.owner());
        String id = store.windows().runUnderWay(stream, plan);
        if (id != null && !id.equals(half.run)) {
            Run run = Run.joining(id, half.source.plan(), store, store.cursors().read(stream), commit);
            registry.prepare(run);
            half.joined = SharedWindows.join(
                    run, commit, plan, () -> half.source.parameters().newPaging(), NodeName.of(context));
            half.run = id;
        }
        return id == null ? null : half.joined;
    }
}
