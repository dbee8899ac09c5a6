package io.keysetsync.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.cli.context.ClusterUse;
import io.keysetsync.cli.context.ProgramContext;
import io.keysetsync.cli.context.StartChecks;
import io.keysetsync.cli.context.StopSignals;
import io.keysetsync.cli.log.LogFormat;
import io.keysetsync.cluster.Cluster;
import io.keysetsync.console.Console;
import io.keysetsync.database.fault.DatabaseTimeout;
import io.keysetsync.events.EventsComponent;
import io.keysetsync.inspect.SuppressSends;
import io.keysetsync.metrics.StreamMetrics;
import io.keysetsync.parameters.LiteralSetting;
import io.keysetsync.pool.StandaloneDatabase;
import io.keysetsync.run.StreamRegistry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.main.SimpleMainShutdownStrategy;
import org.apache.camel.support.service.ServiceHelper;
import org.jspecify.annotations.Nullable;

/** A Camel Main over the {@code application.properties} and the {@code routes/} of the working directory. */
final class Program {

    /** Work on the streams after the context has started, and before any of them runs. */
    interface Task {
        void start(CamelContext context, Schedules schedules) throws Exception;
    }

    /** Time to save a page; less than the ten seconds that service managers wait before they kill a process. */
    private static final int SAVING_SECONDS = 7;

    /** The longest time that the end of the program may take. */
    private static final Duration LAST = Duration.ofSeconds(SAVING_SECONDS + 2);

    /** One for the page's transaction, and one for work outside of it. */
    private static final int CONNECTIONS_A_RUN = 2;

    /** For each thread of the console, its metrics and its health: no run waits because somebody looks. */
    private static final int CONNECTIONS_OF_CONSOLE = 6;

    static final Path SETTINGS = Path.of("application.properties");

    private final Main main = new Main() {
        @Override
        protected CamelContext createCamelContext() {
            ProgramContext context = new ProgramContext();
            context.getCamelContextExtension().setRegistry(registry);
            return context;
        }
    };
    private final Set<String> given;
    private final Settings settings = new Settings(SETTINGS);
    private boolean isDryRun;
    private boolean takesUnused;
    private ClusterUse clusterUse = ClusterUse.NONE;
    private int nodeThreads;
    private @Nullable Console console;
    private volatile @Nullable HikariDataSource pool;
    private volatile @Nullable Exception failure;

    /** @param overrides settings from the command line, which win over the environment's */
    Program(Map<String, String> overrides) {
        given = overrides.keySet();
        main.setShutdownStrategy(
                new SimpleMainShutdownStrategy()); // Camel's default keeps the context until the JVM ends
        overrides.forEach(main::addOverrideProperty);
        main.setPropertyPlaceholderLocations("false"); // none: we read the file
        main.addInitialProperty("camel.main.shutdown-timeout", "" + (SAVING_SECONDS + 1)); // the longer one
        main.addInitialProperty("camel.main.shutdown-log-inflight-exchanges-on-timeout", "false");
        main.addInitialProperty("camel.rest.inline-routes", "false"); // else each new route is compared with all others
        main.addInitialProperty(DatabaseTimeout.SETTING, DatabaseTimeout.DEFAULT); // files of earlier versions lack it
        main.addInitialProperty(LogFormat.SETTING, LogFormat.DEFAULT); // as do earlier ones this
        main.addInitialProperty("camel.component.quartz.enable-jmx", "false"); // takes 0.1 s at each start
        main.addOverrideProperty("camel.component.quartz.auto-start-scheduler", "false");
    }

    /** Makes the program serve a console, from {@link Console#open} at its start to its end. */
    Program with(Console served) {
        console = served;
        return this;
    }

    /** Says what the program does if it could be a node of a cluster; by default, it leaves the cluster alone. */
    Program in(ClusterUse use) {
        clusterUse = use;
        return this;
    }

    /** A question or a change after the context has started, without any stream running. */
    interface Question<T extends @Nullable Object> {
        T answer(CamelContext context, Schedules schedules) throws Exception;
    }

    /** Starts beside a program that may be running, without the sample API, and ends with the answer. */
    <T extends @Nullable Object> T ask(Question<T> question) throws Exception {
        main.addOverrideProperty("sync.demo-api", "false");
        return answer(question);
    }

    /** Starts as {@link #ask} does, and creates nothing, not even the database's file. */
    <T extends @Nullable Object> T read(Question<T> question) throws Exception {
        isDryRun = true;
        return ask(question);
    }

    /** Starts without any stream, to read the settings, and ends with the answer. */
    <T extends @Nullable Object> T settings(Question<T> question) throws Exception {
        main.addOverrideProperty("camel.main.routes-include-pattern", "false");
        takesUnused = true;
        return read(question);
    }

    /**
     * Starts to look at streams, and ends with the answer. Nothing is written, not even by a stream's own step that
     * sends somewhere. The sample API is that of a running program, or else this program's own.
     */
    <T> T look(Question<T> question) throws Exception {
        isDryRun = true;
        return answer(question);
    }

    /**
     * Starts as {@link #look} does, for a stream that does not exist yet: settings that no route has may be given.
     */
    <T> T explore(Question<T> question) throws Exception {
        takesUnused = true;
        return look(question);
    }

    /**
     * Checks whether a program could start with the present files, also while another one runs in the same process. No
     * route starts and nothing is written.
     *
     * @param further checks the context once all routes are made
     * @throws Exception with which the start would fail
     */
    void check(Task further) throws Exception {
        isDryRun = true;
        main.addOverrideProperty("camel.main.name", "keyset-sync-check"); // contexts of one name share a scheduler
        main.addOverrideProperty("camel.main.auto-startup", "false");
        main.addOverrideProperty("camel.server.port", "0"); // any port: the running program has the sample API's
        runUntilEnd((context, schedules) -> {
            Console.check(context);
            further.start(context, schedules);
            end();
        });
    }

    private <T extends @Nullable Object> T answer(Question<T> question) throws Exception {
        main.addOverrideProperty(EventsComponent.SILENT, "true");
        AtomicReference<T> answer = new AtomicReference<>();
        run((context, schedules) -> {
            answer.set(question.answer(context, schedules));
            end();
        });
        return answer.get();
    }

    /** Runs until the task ends it by {@link #end}, or the process is told to stop. */
    void run(Task task) throws Exception {
        onStop(this::end);
        runUntilEnd(task);
    }

    /** Runs until {@link #end} is called, and leaves nothing running or open in the process. */
    void runUntilEnd(Task task) throws Exception {
        StartChecks.requireFile(
                SETTINGS, "it has the settings; keyset-sync runs in the folder that its bin/keyset-sync belongs to");
        settings.load(main);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport configured) {
                CamelContext context = configured.getCamelContext();
                settings.watch(context);
                StartChecks.refuseCamelsReload(context.getPropertiesComponent()
                        .resolveProperty(StartChecks.CAMELS_RELOAD)
                        .orElse("false"));
                bind(context);
            }

            @Override
            public void afterConfigure(BaseMainSupport configured) {
                StartChecks.refuseCamelsReload(
                        Boolean.toString(main.configure().isRoutesReloadEnabled())); // however it is spelt
                // has no cache before it has started, and would examine a bean's class again for each step of each
                // route
                ServiceHelper.startService(configured.getCamelContext().getComponent("bean"));
                if (pool != null && nodeThreads > 0) {
                    Cluster.prepare(configured.getCamelContext(), pool, nodeThreads);
                }
            }

            @Override
            public void afterStart(BaseMainSupport started) {
                try {
                    settings.refuseWrong();
                    if (!takesUnused) {
                        settings.refuseUnused(given);
                    }
                    task.start(started.getCamelContext(), new Schedules(started.getCamelContext()));
                } catch (Exception e) {
                    failure = e;
                    main.completed();
                }
            }
        });
        try {
            main.run();
        } catch (Exception e) {
            throw Startup.thrown(e, main.getCamelContext());
        } finally {
            if (console != null) {
                console.leave();
            }
            closeContext();
            closeDatabase();
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Ends the program by Ctrl-C or a service manager's signal, and late if something holds up its end. */
    static void onStop(Runnable stop) {
        StopSignals.onStop(stop, LAST, KeysetSync.INCOMPLETE);
    }

    /** Ends the program. A page that the database is still saving a little later rolls back. */
    void end() {
        CompletableFuture.delayedExecutor(SAVING_SECONDS, TimeUnit.SECONDS).execute(this::closeDatabase);
        main.completed();
    }

    /** Camel itself leaves a context open whose configuration failed, and with it the sample API's port. */
    private void closeContext() {
        CamelContext context = main.getCamelContext();
        if (context != null) {
            context.stop();
        }
    }

    private void closeDatabase() {
        HikariDataSource opened = pool;
        if (opened != null) {
            opened.close();
        }
    }

    private void bind(CamelContext context) {
        LogFormat.parse(setting(context, LogFormat.SETTING)); // the log has its format already
        SampleApi.prepare(context, isDryRun);
        StreamRegistry.of(context); // refuses a setting that can't be read, whatever the routes are
        if (isDryRun) {
            context.getCamelContextExtension().registerEndpointCallback(new SuppressSends());
        }
        String url = setting(context, "sync.database.url");
        String username = LiteralSetting.read(context, "sync.database.username");
        String password = LiteralSetting.read(context, "sync.database.password");
        settings.refuseWrong(); // before the database gets them
        int concurrency = Settings.concurrency(setting(context, "sync.concurrency"));
        int connections = CONNECTIONS_A_RUN * concurrency;
        if (clusterUse.isNode(context, url) && !isDryRun) {
            nodeThreads = concurrency;
            connections += Cluster.CONNECTIONS;
        }
        if (console == null) {
            StreamMetrics.of(context).leaveOut();
        } else {
            console.open(context);
            connections += CONNECTIONS_OF_CONSOLE;
        }
        DatabaseTimeout timeout = DatabaseTimeout.parse(setting(context, DatabaseTimeout.SETTING));
        HikariDataSource opened = isDryRun
                ? StandaloneDatabase.openToLook(url, username, password, connections, timeout)
                : nodeThreads > 0
                        ? StandaloneDatabase.openShared(url, username, password, connections, timeout)
                        : StandaloneDatabase.open(url, username, password, connections, timeout);
        pool = opened;
        context.getRegistry().bind(StreamRegistry.DEFAULT_DATA_SOURCE, opened);
        context.getManagementStrategy().addEventNotifier(StandaloneDatabase.renewal(opened));
        context.getManagementStrategy().addEventNotifier(Schedules.endWithRoutes());
    }

    static String setting(CamelContext context, String key) {
        return context.resolvePropertyPlaceholders("{{" + key + "}}");
    }
}
