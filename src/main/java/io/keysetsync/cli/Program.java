package io.keysetsync.cli;

import com.zaxxer.hikari.HikariDataSource;
import io.keysetsync.ConfigurationException;
import io.keysetsync.run.StreamRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.CamelContext;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.jline.utils.Signals;
import org.jspecify.annotations.Nullable;

/** A Camel Main over the {@code application.properties} and the {@code routes/} of the working directory. */
final class Program {

    /** What to do with the streams once the context has started, and before any of them runs. */
    interface Task {
        void start(CamelContext context, Schedules schedules) throws Exception;
    }

    /** Long enough for a page to be saved; less than the ten seconds that service managers wait before they kill. */
    private static final int SAVING_SECONDS = 7;

    /** Camel's own patience, which must not be the first to end. */
    private static final String SHUTDOWN_SECONDS = Integer.toString(SAVING_SECONDS + 1);

    /** One for the page's transaction, and one for what must not be part of it. */
    private static final int CONNECTIONS_A_RUN = 2;

    private static final Path SETTINGS = Path.of("application.properties");

    private final Main main = new Main();
    private final Set<String> given;
    private final UnusedSettings unused = new UnusedSettings();
    private final Reloading reloading = new Reloading();
    private boolean isDryRun;
    private volatile @Nullable HikariDataSource pool;
    private volatile @Nullable Exception failure;

    /** @param overrides settings from the command line, which win over the environment's */
    Program(Map<String, String> overrides) {
        given = overrides.keySet();
        overrides.forEach(main::addOverrideProperty);
        main.setPropertyPlaceholderLocations("file:" + SETTINGS);
        main.addInitialProperty("camel.main.shutdown-timeout", SHUTDOWN_SECONDS);
        main.addInitialProperty("camel.main.shutdown-log-inflight-exchanges-on-timeout", "false");
        main.addOverrideProperty("camel.component.quartz.auto-start-scheduler", "false");
    }

    /** What to find out or to do once the context has started, without any stream running. */
    interface Question<T> {
        T answer(CamelContext context, Schedules schedules) throws Exception;
    }

    /** Starts beside a program that may be running, without the sample API, and ends with the answer. */
    <T> T ask(Question<T> question) throws Exception {
        main.addOverrideProperty("sync.demo-api", "false");
        return answer(question);
    }

    /**
     * Starts to look at streams, and ends with the answer. Nothing is written, not even by a step of a stream's own that
     * sends somewhere. The sample API is that of a program that is running, or else its own.
     */
    <T> T look(Question<T> question) throws Exception {
        isDryRun = true;
        return answer(question);
    }

    private <T> T answer(Question<T> question) throws Exception {
        AtomicReference<T> answer = new AtomicReference<>();
        run((context, schedules) -> {
            answer.set(question.answer(context, schedules));
            end();
        });
        return answer.get();
    }

    /** Runs until the process is told to stop, and takes over edits of the routes if that is enabled. */
    void stayUp(Task task) throws Exception {
        reloading.want();
        run(task);
    }

    /** Runs until the task ends it by {@link #end}, or the process is told to stop. */
    void run(Task task) throws Exception {
        requireFile(
                SETTINGS, "it has the settings; keyset-sync runs in the folder that its bin/keyset-sync belongs to");
        main.addMainListener(reloading);
        main.addMainListener(new MainListenerSupport() {
            @Override
            public void beforeConfigure(BaseMainSupport configured) {
                unused.watch(configured.getCamelContext());
                bind(configured.getCamelContext());
            }

            @Override
            public void afterStart(BaseMainSupport started) {
                try {
                    unused.refuse(given, SETTINGS);
                    Schedules schedules = new Schedules(started.getCamelContext());
                    reloading.prepare(started.getCamelContext(), schedules);
                    task.start(started.getCamelContext(), schedules);
                    reloading.start(started.getCamelContext());
                } catch (Exception e) {
                    failure = e;
                    main.completed();
                }
            }

            @Override
            public void afterStop(BaseMainSupport stopped) {
                closeDatabase();
            }
        });
        stopOnSignals();
        try {
            main.run();
        } catch (Exception e) {
            throw Startup.explained(e, main.getCamelContext());
        }
        if (failure != null) {
            throw failure;
        }
    }

    /**
     * Ctrl-C and a service manager's SIGTERM end the program as its own end does, so that the last run is closed while
     * the database is still open: the JVM would run H2's shutdown hook beside ours. A second signal kills at once.
     */
    private void stopOnSignals() {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            Signals.register(signal, () -> {
                Signals.registerDefault(signal);
                end();
            });
        }
    }

    /** Ends the program. A page that the database is still saving a little later rolls back. */
    void end() {
        CompletableFuture.delayedExecutor(SAVING_SECONDS, TimeUnit.SECONDS).execute(this::closeDatabase);
        main.completed();
    }

    private void closeDatabase() {
        HikariDataSource opened = pool;
        if (opened != null) {
            opened.close();
        }
    }

    private void bind(CamelContext context) {
        SampleApi.prepare(context, isDryRun);
        if (isDryRun) {
            context.getCamelContextExtension().registerEndpointCallback(new SuppressSends());
        }
        String url = setting(context, "sync.database.url");
        HikariDataSource opened = StandaloneDatabase.open(
                isDryRun ? StandaloneDatabase.readOnlyUrl(url) : url,
                setting(context, "sync.database.username"),
                setting(context, "sync.database.password"),
                CONNECTIONS_A_RUN * concurrency(setting(context, "sync.concurrency")));
        pool = opened;
        context.getRegistry().bind(StreamRegistry.DEFAULT_DATA_SOURCE, opened);
        context.getManagementStrategy().addEventNotifier(StandaloneDatabase.renewal(opened));
    }

    private static int concurrency(String value) {
        try {
            int streams = Integer.parseInt(value.trim());
            if (streams >= 1) {
                return streams;
            }
        } catch (NumberFormatException e) {
            // falls through to the one error for both
        }
        throw new ConfigurationException("sync.concurrency '" + value + "' is not a whole number from 1 on");
    }

    /** Camel's own message for a missing file names neither the folder nor the remedy. */
    private static void requireFile(Path file, String why) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    "there is no " + file + " in " + Path.of("").toAbsolutePath() + "; " + why);
        }
    }

    static String setting(CamelContext context, String key) {
        return context.resolvePropertyPlaceholders("{{" + key + "}}");
    }

    /** The value of a setting that is {@code true} or {@code false}. */
    static boolean isTrue(String key, String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigurationException(key + " '" + value + "' is neither true nor false");
        };
    }
}
