package io.keysetsync.run;

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

    /** What the thread had under that key before; an application may use it for something else. */
    private final @Nullable String before = MDC.get(STREAM);

    private LogLines() {}

    public static void name(String stream, Exchange exchange) {
        exchange.getExchangeExtension().addOnCompletion(new LogLines());
        MDC.put(STREAM, stream);
    }

    @Override
    public void onDone(Exchange done) {
        if (before == null) {
            MDC.remove(STREAM);
        } else {
            MDC.put(STREAM, before);
        }
    }

    /** It is for the run, not for a page of it. */
    @Override
    public boolean allowHandover() {
        return false;
    }
}
