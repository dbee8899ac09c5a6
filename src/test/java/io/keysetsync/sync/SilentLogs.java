package io.keysetsync.sync;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** Silences what tells of failed runs, while tests make runs fail by the thousand. Closing the last one ends that. */
public final class SilentLogs implements AutoCloseable {

    private static final String[] NAMES = {
        "io.keysetsync.run",
        "org.apache.camel.spring.spi.TransactionErrorHandler",
        "org.springframework.transaction.support.TransactionTemplate"
    };

    private static final Map<Logger, @Nullable Level> BEFORE = new HashMap<>();
    private static int open;

    private boolean isClosed;

    /** Begins the silence, or joins it. */
    public SilentLogs() {
        synchronized (BEFORE) {
            if (open++ == 0) {
                for (String name : NAMES) {
                    Logger log = (Logger) LoggerFactory.getLogger(name);
                    BEFORE.put(log, log.getLevel());
                    log.setLevel(Level.OFF);
                }
            }
        }
    }

    @Override
    public void close() {
        synchronized (BEFORE) {
            if (!isClosed && --open == 0) {
                BEFORE.forEach(Logger::setLevel);
                BEFORE.clear();
            }
            isClosed = true;
        }
    }
}
