package io.keysetsync.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.slf4j.LoggerFactory;

/** The program's log, on stderr. */
final class Logs {

    private Logs() {}

    /** Loads the configuration; must be called before anything logs. */
    static void configure(boolean debug) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "keyset-sync-logback.xml");
        }
        if (debug) {
            level("io.keysetsync", Level.DEBUG);
            level("org.apache.camel", Level.INFO);
        }
    }

    /** Leaves the terminal to the progress line; warnings and errors still show. */
    static void warningsOnly() {
        level("io.keysetsync", Level.WARN);
    }

    private static void level(String logger, Level level) {
        if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
            logback.setLevel(level);
        }
    }
}
