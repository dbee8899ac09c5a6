package io.keysetsync.run.lifecycle;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Adds the stream's name and the run's id to every line that a run's thread logs, including those of Camel, of the HTTP
 * client and of the stream's steps: as {@value #STREAM} and {@value #RUN} in SLF4J's diagnostic context, until the run's
 * exchange is done. Encoders that write fields, such as those for JSON, have them and those of {@link #with} as such.
 */
public final class LogLines extends SynchronizationAdapter {

    private static final String STREAM = "stream";
    private static final String RUN = "run";

    /**
     * The name that a run has set in this thread; the name stays if an asynchronous step moved the run to another
     * thread.
     */
    private static final ThreadLocal<@Nullable String> NAMED = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();

    /** The thread's earlier values of our keys, which an application may use for something else. */
    private final Map<String, String> before = isOurs() ? Map.of() : present(STREAM, RUN);

    private LogLines() {}

    private static boolean isOurs() {
        return Objects.equals(MDC.get(STREAM), NAMED.get());
    }

    private static Map<String, String> present(String... keys) {
        Map<String, String> present = new HashMap<>();
        for (String key : keys) {
            String value = MDC.get(key);
            if (value != null) {
                present.put(key, value);
            }
        }
        return present;
    }

    /** Names the stream until the exchange of its run is done. */
    public static void nameUntilDone(String stream, Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new LogLines());
        name(stream);
    }

    /** Names the stream and the run until the exchange of one of the run's branches is done. */
    public static void nameUntilDone(String stream, String run, Exchange branch) {
        nameUntilDone(stream, branch);
        nameRun(run);
    }

    /** Names the stream in the current thread, to which an asynchronous step of the stream may have moved the run. */
    public static void name(String stream) {
        if (!stream.equals(MDC.get(STREAM))) {
            MDC.put(STREAM, stream);
            NAMED.set(stream);
        }
    }

    /** Names the run in the current thread, in which its stream is named. */
    public static void nameRun(String run) {
        MDC.put(RUN, run);
    }

    /**
     * Logs with further fields, which only encoders that write fields show.
     *
     * @param fields null values are left out
     */
    static void with(Map<String, ? extends @Nullable Object> fields, Runnable log) {
        String[] keys = fields.keySet().toArray(String[]::new);
        Map<String, String> earlier = present(keys);
        fields.forEach((key, value) -> {
            if (value != null) {
                MDC.put(key, value.toString());
            }
        });
        try {
            log.run();
        } finally {
            restore(earlier, keys);
        }
    }

    private static void restore(Map<String, String> earlier, String... keys) {
        for (String key : keys) {
            String value = earlier.get(key);
            if (value == null) {
                MDC.remove(key);
            } else {
                MDC.put(key, value);
            }
        }
    }

    @Override
    public void onDone(Exchange done) {
        restore(Thread.currentThread() == thread ? before : Map.of(), STREAM, RUN);
        NAMED.remove();
    }

    /** False: the name is for the whole run, not for one of its pages. */
    @Override
    public boolean allowHandover() {
        return false;
    }
}
