package io.keysetsync.cluster;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.Streams;
import io.keysetsync.cli.context.ProgramContext;
import io.keysetsync.database.fault.DatabaseTimeout;
import io.keysetsync.pool.StandaloneDatabase;
import io.keysetsync.store.NodeName;
import io.keysetsync.sync.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.quartz.QuartzComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.quartz.JobListener;
import org.quartz.Scheduler;
import org.quartz.listeners.BroadcastJobListener;

/** A node of a cluster in this JVM, with a pool of its own, as a program is one. */
final class TestNode implements AutoCloseable {

    /** A schedule that no test lives to see. */
    static final String DAILY = "0 0 0 1 1 ? 2099";

    static final String EVERY_SECOND = "* * * * * ?";

    private static final int RUNS = 2;

    private final HikariDataSource pool;
    private final DefaultCamelContext context = new ProgramContext();
    private final Map<String, String> schedules = new LinkedHashMap<>();
    private int threads = RUNS;
    private Duration grace = Duration.ofMinutes(1);
    private JobListener listener = new BroadcastJobListener("none");

    TestNode(TestDatabase database) {
        pool = StandaloneDatabase.openShared(
                database.url(),
                database.username(),
                database.password(),
                2 * RUNS + Cluster.CONNECTIONS,
                DatabaseTimeout.NONE);
        context.build();
        context.getCamelContextExtension().setName("keyset-sync");
        context.getRegistry().bind("dataSource", pool);
        context.getShutdownStrategy().setTimeout(8);
    }

    /** Runs one stream at a time. */
    TestNode oneAtATime() {
        threads = 1;
        return this;
    }

    /** Lets triggers go at once if no node has their route. */
    TestNode withoutGrace() {
        grace = Duration.ZERO;
        return this;
    }

    /** Hears of jobs before the node itself does. */
    TestNode listener(JobListener first) {
        listener = first;
        return this;
    }

    /** Adds a stream, whose table has its name, or the beginning of it. */
    TestNode stream(String name, String url, String schedule) throws Exception {
        schedules.put(name, schedule);
        Path schema = schema(name.substring(0, Math.min(name.length(), 30)));
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                from("kamelet:keyset-sync-source?retryDelay=PT0S&stream=" + name + "&url=" + url + "&schedule="
                                + schedule.replace(' ', '+'))
                        .routeId(name)
                        .to("kamelet:jdbc-upsert-sink?stream=" + name + "&schema=file:" + schema);
            }
        });
        return this;
    }

    private static Path schema(String table) throws IOException {
        Path file = Files.createTempFile("cluster", ".schema.json");
        file.toFile().deleteOnExit();
        return Files.writeString(
                file,
                Files.readString(Path.of("routes/user.schema.json"))
                        .replace("\"table\": \"user\"", "\"table\": \"" + table + "\"")
                        .replace("\"table\":\"user\"", "\"table\":\"" + table + "\""));
    }

    /** Joins the cluster. */
    TestNode start() throws Exception {
        QuartzComponent quartz = context.getComponent("quartz", QuartzComponent.class);
        quartz.setAutoStartScheduler(false);
        Cluster.prepare(context, pool, threads, grace);
        context.start();
        scheduler().getListenerManager().addJobListener(listener);
        Cluster.of(context).join();
        return this;
    }

    String name() {
        return NodeName.of(context);
    }

    Streams streams() {
        return Streams.of(context);
    }

    Scheduler scheduler() {
        return context.getComponent("quartz", QuartzComponent.class).getScheduler();
    }

    HikariDataSource pool() {
        return pool;
    }

    /** Stops as a program does that is told to. */
    void stop() {
        context.stop();
    }

    /** Is gone for the others, as a process that was killed: it reaches the database no more. */
    void kill() {
        pool.close();
    }

    @Override
    public void close() {
        context.stop();
        pool.close();
    }
}
