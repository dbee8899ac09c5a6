package io.keysetsync.cli.context;

import java.time.Duration;
import java.util.List;
import org.jline.utils.Signals;

/** The end of the program by Ctrl-C or a service manager. */
public final class StopSignals {

    private StopSignals() {}

    /**
     * Ctrl-C and a service manager's SIGTERM end the program as its own end does, so that the last run is closed while
     * the database is still open: the JVM would run H2's shutdown hook beside ours. A second signal kills at once.
     *
     * @param most the longest that the end may take; then the process is halted
     * @param late the exit code of a process that was halted
     */
    public static void onStop(Runnable stop, Duration most, int late) {
        for (String signal : List.of("INT", "TERM", "HUP")) {
            Signals.register(signal, () -> {
                Signals.registerDefault(signal);
                haltAfter(most, late);
                stop.run();
            });
        }
    }

    /** Ends the process if something, such as a database that doesn't answer, holds up the end of the program. */
    private static void haltAfter(Duration most, int late) {
        Thread last = new Thread(
                () -> {
                    try {
                        Thread.sleep(most.toMillis());
                    } catch (InterruptedException e) {
                        return;
                    }
                    System.err.println("keyset-sync: the database did not answer in time; the program has ended without"
                            + " its answer, and the next run continues from the cursor");
                    Runtime.getRuntime().halt(late);
                },
                "keyset-sync-last");
        last.setDaemon(true);
        last.start();
    }
}
