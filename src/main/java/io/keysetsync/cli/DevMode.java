package io.keysetsync.cli;

import io.keysetsync.Errors;
import io.keysetsync.cli.context.EditWatch;
import io.keysetsync.console.Console;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.MultipleConsumersSupport;
import org.apache.camel.Route;
import org.jspecify.annotations.Nullable;
import org.quartz.SchedulerException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs programs one after the other in this process, for {@code run --dev}: after each valid edit of the files, the program
 * ends as if it had been told to stop, and the next one starts. An invalid edit is one line in the log, and the program
 * continues undisturbed.
 */
final class DevMode {

    private static final Logger LOG = LoggerFactory.getLogger(DevMode.class);

    private final Supplier<Program> programs;
    private final List<String> streams;
    private final Console console;

    /** A permit for each valid edit, and one to stop. */
    private final Semaphore ends = new Semaphore(0);

    private Program current;
    private volatile @Nullable Schedules schedules;
    private volatile Set<String> paused = Set.of();
    private volatile boolean stopped;
    private volatile boolean starting = true;

    /**
     * Makes the first program; it starts with {@link #run}.
     *
     * @param programs makes a program, which reads the files when it starts
     * @param streams the streams to run; all, if none is named
     * @param console that all programs have
     */
    DevMode(Supplier<Program> programs, List<String> streams, Console console) {
        this.programs = programs;
        this.streams = streams;
        this.console = console;
        this.current = programs.get().with(console);
    }

    /**
     * Runs until the process is told to stop.
     *
     * @throws Exception if the first program can't start; a later one that can't waits for the next edit
     */
    void run() throws Exception {
        Program.onStop(this::stop);
        new EditWatch(this::takeOver).start();
        current.runUntilEnd(this::startStreams);
        while (awaitsNext()) {
            try {
                current.runUntilEnd(this::startStreams);
            } catch (Exception | LinkageError e) {
                if (!stopped) {
                    report(Set.of(), e, "no stream runs until a file is edited");
                }
                starting = false;
            }
        }
    }

    private void startStreams(CamelContext context, Schedules started) throws SchedulerException {
        console.tell();
        started.start(streams, paused);
        schedules = started;
        console.serve(context);
        starting = false;
    }

    /** Waits until the program that runs has a successor; false if the process is to stop. */
    private boolean awaitsNext() throws InterruptedException {
        ends.acquire();
        synchronized (this) {
            current = programs.get().with(console);
            return !stopped;
        }
    }

    private synchronized void stop() {
        stopped = true;
        ends.release();
        current.end();
    }

    /** False while a program starts: the two would compete for ports. */
    private boolean takeOver(Set<String> edited) {
        if (starting) {
            return false;
        }
        try {
            programs.get().check(this::checkRoutes);
        } catch (Exception | LinkageError e) {
            report(edited, e, "until then everything continues as before");
            return true;
        }
        LOG.info("{}: edited; all streams end after the page at hand and start again", String.join(", ", edited));
        starting = true;
        ends.release();
        end();
        return true;
    }

    /** Refuses two routes from one endpoint, such as a copied stream's, as Camel does when the second one starts. */
    private void checkRoutes(CamelContext context, Schedules schedules) {
        schedules.select(streams);
        Set<Endpoint> consumed = new HashSet<>();
        for (Route route : context.getRoutes()) {
            Endpoint endpoint = route.getEndpoint();
            boolean isShared = endpoint instanceof MultipleConsumersSupport many && many.isMultipleConsumersSupported();
            if (!isShared && !consumed.add(endpoint)) {
                throw new IllegalArgumentException("Multiple consumers for the same endpoint: " + endpoint);
            }
        }
    }

    /** Ends the program that runs; what is paused stays so in the next one. */
    private synchronized void end() {
        try {
            Schedules ending = schedules;
            if (ending != null) {
                paused = ending.paused();
                schedules = null;
            }
        } catch (SchedulerException e) {
            LOG.debug("the paused streams are not known", e);
        }
        current.end();
    }

    /** Logs an error as one line, which names an edited file. */
    private static void report(Set<String> edited, Throwable error, String consequence) {
        String problem = Errors.oneLine(
                        String.valueOf(Startup.explained(error, null).getMessage()))
                .replaceFirst("[.]$", "");
        boolean isNamed = edited.isEmpty() || edited.stream().anyMatch(problem::contains);
        LOG.error("{}{}; {}", isNamed ? "" : String.join(", ", edited) + ": ", problem, consequence);
        LOG.debug("the start failed", error);
    }
}
