package io.keysetsync.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.core.ConsoleAppender;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The program's log, on stderr. */
final class Logs {

    private static final String OWN = "io.keysetsync";
    private static final String ERASE_LINE = "\r\u001b[K";

    private Logs() {}

    /** Loads the configuration; must be called before anything logs. */
    static void configure(boolean debug) {
        if (System.getProperty("logback.configurationFile") == null) {
            System.setProperty("logback.configurationFile", "keyset-sync-logback.xml");
        }
        if (debug) {
            level(Logger.ROOT_LOGGER_NAME, Level.DEBUG); // the streams' own steps: libraries have levels by name
            level(OWN, Level.DEBUG);
            level("org.apache.camel", Level.INFO);
        }
    }

    /**
     * Leaves the terminal to a command's own output. Warnings and errors still show, and so does all that steps of a
     * stream's own log, because whoever adds such a step wants to see its output.
     */
    static void warningsOnly() {
        level(OWN, Level.WARN);
    }

    /** Makes each line of the log take the place of the progress line, which is then drawn again below it. */
    static void aboveProgressLine() {
        for (String name : List.of(OWN, Logger.ROOT_LOGGER_NAME)) {
            if (LoggerFactory.getLogger(name) instanceof Logger logback) {
                logback.iteratorForAppenders().forEachRemaining(appender -> {
                    if (appender instanceof ConsoleAppender<?> console
                            && console.getEncoder() instanceof PatternLayoutEncoder lines) {
                        lines.setPattern(ERASE_LINE + lines.getPattern());
                        lines.start();
                    }
                });
            }
        }
    }

    private static void level(String logger, Level level) {
        if (LoggerFactory.getLogger(logger) instanceof Logger logback) {
            logback.setLevel(level);
        }
    }
}
