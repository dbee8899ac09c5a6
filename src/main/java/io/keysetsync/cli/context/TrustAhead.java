package io.keysetsync.cli.context;

import org.apache.hc.core5.ssl.SSLContexts;
import org.apache.hc.core5.ssl.SSLInitializationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the JVM's trusted certificates while Camel starts. Camel's HTTP client reads them for each API, also for one
 * without TLS; the JVM keeps what it has read.
 */
public final class TrustAhead {

    private static final Logger LOG = LoggerFactory.getLogger(TrustAhead.class);

    private TrustAhead() {}

    /** Begins to read in the background. If that fails, the HTTP client meets the same error and reports it. */
    public static void read() {
        Thread reader = new Thread(
                () -> {
                    try {
                        SSLContexts.createDefault();
                    } catch (SSLInitializationException e) {
                        LOG.debug("the trusted certificates could not be read ahead", e);
                    }
                },
                "keyset-sync:trusted-certificates");
        reader.setDaemon(true);
        reader.start();
    }
}
