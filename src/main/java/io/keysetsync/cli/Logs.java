package io.keysetsync.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.Encoder;
import io.keysetsync.cli.log.JsonLines;
import io.keysetsync.cli.log.LogFormat;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.LoggerFactory;

/** The program's log, on stderr. */
final class Logs {

    private static final String OWN = "io.keysetsync";
    private static final String ERASE_LINE = "\r\u001b[K";

    /** Loggers whose errors are reported elsewhere: those in a run at the run's end, those at start by the program. */
    private static final List<String> SAID_ELSEWHERE = List.of(
            "org.apache.camel.processor.errorhandler",
            "org.apache.camel.spring.spi",
            "org.apache.camel.impl.engine.AbstractCamelContext",
            "org.apache.camel.impl.engine.DefaultAsyncProcessorAwaitManager",
            "org.springframework.transaction",
            "org.quartz.core",
            "org.quartz.impl.jdbcjobstore",
            "org.quartz.simpl",
            "io.keysetsync.cluster.NodeJobStore", // Quartz's own lines: it logs in the name of its subclass
            "com.zaxxer.hikari",
            "org.mariadb.jdbc");

    /** Libraries of which only warnings and errors are logged; all other loggers are the user's. */
    private static final List<String> LIBRARIES = List.of(
            "org.apache",
            "org.springframework",
            "org.quartz",
            "org.postgresql",
            "org.jline",
            "h2database",
            "com.mchange",
            "io.github.resilience4j",
            "io.micrometer",
            "io.netty",
            "io.vertx");

    private Logs() {}

    /**
     * Sets levels and format, unless the user has a configuration file; must be called before anything logs.
     *
     * @return whether each line is a JSON object
     */
    static boolean configure(boolean debug, LogFormat format) {
        boolean isOurs = System.getProperty("logback.configurationFile") == null;
        if (isOurs && LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            configure(context, format);
        }
        if (debug) {
            level(Logger.ROOT_LOGGER_NAME, Level.DEBUG); // the streams' own steps: libraries have levels by name
            level(OWN, Level.DEBUG);
            level("org.apache.camel", Level.INFO);
        }
        return isOurs && format == LogFormat.JSON;
    }

    /**
     * Configures Logback by its own classes, which is 0.1 s faster than by a file in XML. A page and a run are one line
     * each; an error is one line, its stack trace only with {@code --debug}.
     */
    private static void configure(LoggerContext context, LogFormat format) {
        context.reset();
        Logger own = context.getLogger(OWN);
        own.setLevel(Level.INFO);
        own.setAdditive(false);
        Encoder<ILoggingEvent> json = format == LogFormat.JSON ? JsonLines.encoder(context) : null;
        own.addAppender(console(context, "OWN", json != null ? json : text(context, "%msg")));
        SAID_ELSEWHERE.forEach(name -> level(name, Level.OFF));
        LIBRARIES.forEach(name -> level(name, Level.WARN));
        Logger others = context.getLogger(Logger.ROOT_LOGGER_NAME);
        others.setLevel(Level.INFO);
        // lines of a stream's own steps don't name the stream, nor do those of libraries
        others.addAppender(console(
                context, "OTHERS", json != null ? json : text(context, "%replace(%X{stream}: ){'^: $', ''}%msg")));
    }

    private static Encoder<ILoggingEvent> text(LoggerContext context, String message) {
        PatternLayoutEncoder lines = new PatternLayoutEncoder();
        lines.setContext(context);
        lines.setCharset(StandardCharsets.UTF_8);
        lines.setPattern("%d{\"yyyy-MM-dd'T'HH:mm:ss.SSSX\", UTC} %-5level " + message + "%n%ex");
        lines.start();
        return lines;
    }

    private static ConsoleAppender<ILoggingEvent> console(
            LoggerContext context, String name, Encoder<ILoggingEvent> lines) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setContext(context);
        appender.setName(name);
        appender.setTarget("System.err");
        appender.setEncoder(lines);
        appender.start();
        return appender;
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
