package io.keysetsync.run;

import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.support.SynchronizationAdapter;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Names the stream in whatever a run's thread logs, also in lines of Camel, of the HTTP client and of the stream's own
 * steps: as {@value #STREAM} in SLF4J's diagnostic context, until the run's exchange is done.
 */
public final class LogLines extends SynchronizationAdapter {

    private static final String STREAM = "stream";

    /** The stream that a run has named in this thread; stays behind if an asynchronous step took the run elsewhere. */
    private static final ThreadLocal<@Nullable String> NAMED = new ThreadLocal<>();

    private final Thread thread = Thread.currentThread();

    /** What the thread had under that key before; an application may use it for something else. */
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

    /** It is for the run, not for a page of it. */
    @Override
    public boolean allowHandover() {
        return false;
    }
}
