package io.keysetsync.run.lifecycle;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Adds the stream's name to every line that a run's thread logs, including those of Camel, of the HTTP client and of
 * the stream's steps: as {@value #STREAM} in SLF4J's diagnostic context, until the run's exchange is done.
 */
public final class LogLines extends SynchronizationAdapter {

    private static final String STREAM = "stream";

    /**
     * The name that a run has set in this thread; the name stays if an asynchronous step moved the run to another
     * thread.
     */
    private static final ThreadLocal<@Nullable String> NAMED = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();

    /** The thread's earlier value of the key {@value #STREAM}, which an application may use for something else. */
    private final @Nullable String before = Objects.equals(MDC.get(STREAM), NAMED.get()) ? null : MDC.get(STREAM);

    private LogLines() {}

    /** Names the stream until the exchange of its run is done. */
    public static void nameUntilDone(String stream, Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new LogLines());
        name(stream);
    }

    /** Names the stream in the current thread, to which an asynchronous step of the stream may have moved the run. */
    public static void name(String stream) {
        if (!stream.equals(MDC.get(STREAM))) {
            MDC.put(STREAM, stream);
            NAMED.set(stream);
        }
    }

    @Override
    public void onDone(Exchange done) {
        if (before == null || Thread.currentThread() != thread) {
            MDC.remove(STREAM);
        } else {
            MDC.put(STREAM, before);
        }
        NAMED.remove();
    }

    /** False: the name is for the whole run, not for one of its pages. */
    @Override
    public boolean allowHandover() {
        return false;
    }
}
