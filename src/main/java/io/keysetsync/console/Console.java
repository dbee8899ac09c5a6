package io.keysetsync.console;

import io.keysetsync.ConfigurationException;
import io.keysetsync.metrics.StreamMetrics;
import io.keysetsync.observe.LateRoutePolicy;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The console of a process that runs programs, one after the other: port and token stay when {@code run --dev} starts the
 * next program.
 */
public final class Console implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Console.class);

    /** What was opened for the first program. */
    private record Opened(ConsoleSettings settings, ConsolePort port, @Nullable TokenFile token) {

        String address() {
            return settings.address(port.number());
        }

        String link() {
            return token == null ? address() : address() + "?token=" + token.token();
        }
    }

    private final boolean isOnTerminal;
    private @Nullable Opened opened;
    private @Nullable ConsoleServer server;
    private volatile boolean closed;

    /** @param isOnTerminal whether the log goes to a person, who then sees the whole link */
    public Console(boolean isOnTerminal) {
        this.isOnTerminal = isOnTerminal;
    }

    /**
     * Takes the port and writes the token, unless an earlier program of the process has done so.
     *
     * @throws ConfigurationException if a setting can't be read or used, or the port that was set is taken
     */
    public synchronized void open(CamelContext context) {
        ConsoleSettings settings = ConsoleSettings.of(context);
        if (settings.enabled()) {
            LateRoutePolicy.prepare(context); // metrics are loaded after the first sync began
        } else {
            StreamMetrics.of(context).leaveOut();
        }
        Opened before = opened;
        if (before != null) {
            if (!settings.equals(before.settings())) {
                LOG.warn("console: its settings have changed; they take effect when the program is started again");
            }
            return;
        }
        ConsolePort port = settings.enabled() ? ConsolePort.take(settings) : null;
        if (port == null) {
            return;
        }
        Optional<TokenFile> token =
                settings.hasPassword() ? Optional.empty() : TokenFile.create(settings, port.number());
        opened = new Opened(settings, port, token.orElse(null));
    }

    /** Says in the log where the console is, unless an earlier program of the process has done so. */
    public synchronized void tell() {
        Opened taken = opened;
        if (taken == null || server != null) {
            return;
        }
        if (taken.settings().hasPassword()) {
            LOG.info("console: {}", taken.address());
        } else if (taken.token() == null) {
            LOG.warn(
                    "console: shut, because no file for its token can be written beside the database, in data/ or in"
                            + " $XDG_RUNTIME_DIR; {}observe/ answers",
                    taken.address());
        } else if (isOnTerminal) {
            LOG.info("console: {}", taken.link());
        } else {
            LOG.info(
                    "console: {}; 'keyset-sync console' prints its link, whose token is in {}",
                    taken.address(),
                    taken.token().file().toAbsolutePath());
        }
    }

    /** The link that leads to the console; empty if it is off. */
    public synchronized Optional<String> link() {
        return Optional.ofNullable(opened).map(Opened::link);
    }

    /**
     * Checks the settings of a context without opening anything.
     *
     * @throws ConfigurationException if a setting can't be read or used
     */
    public static void check(CamelContext context) {
        ConsoleSettings.of(context);
    }

    /** Serves a context that has started. Loads what that takes in a separate thread. */
    public void serve(CamelContext context) {
        Thread loading = new Thread(() -> load(context), "keyset-sync-console");
        loading.setDaemon(true);
        loading.start();
    }

    private synchronized void load(CamelContext context) {
        Opened ready = opened;
        if (ready == null || closed) {
            return;
        }
        try {
            ConsoleServer serving = server;
            if (serving == null) {
                serving = new ConsoleServer(
                        ready.settings(),
                        ready.token() == null ? null : ready.token().token());
                ready.port().release();
                serving.listen(ready.port().number());
                server = serving;
            }
            serving.serve(context);
        } catch (Exception | LinkageError e) {
            if (!closed && !context.isStopping() && !context.isStopped()) {
                LOG.warn("console: it could not start ({}); the streams run without it", e.toString());
            }
            LOG.debug("the console could not start", e);
        }
    }

    /** Stops answering for a context that is about to stop. */
    public synchronized void leave() {
        if (server != null) {
            server.leave();
        }
    }

    /** Gives up the port and forgets the token. */
    @Override
    public void close() {
        closed = true;
        synchronized (this) {
            if (server != null) {
                server.close();
            }
            if (opened != null) {
                opened.port().release();
                if (opened.token() != null) {
                    opened.token().delete();
                }
            }
        }
    }
}
