package io.keysetsync.console;

import io.keysetsync.ConfigurationException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The port of the console, kept from the program's start on, so that the program knows at once whether it is free; what
 * serves is loaded later.
 */
final class ConsolePort {

    private static final Logger LOG = LoggerFactory.getLogger(ConsolePort.class);

    private final ServerSocket socket;

    private ConsolePort(ServerSocket socket) {
        this.socket = socket;
    }

    /**
     * Takes the first of the ports that is free.
     *
     * @return null if none is free; a sync does not fail for its console's sake
     * @throws ConfigurationException if the port that was set is taken, or the host is no address of this machine
     */
    static @Nullable ConsolePort take(ConsoleSettings settings) {
        IOException refused = null;
        for (int port : settings.ports()) {
            try {
                ServerSocket socket = new ServerSocket();
                socket.setReuseAddress(
                        true); // also after a restart, while old connections linger (RFC 9293, TIME-WAIT)
                socket.bind(new InetSocketAddress(settings.host(), port));
                return new ConsolePort(socket);
            } catch (IOException e) {
                refused = e;
            }
        }
        if (settings.isPortSet()) {
            throw new ConfigurationException(
                    ConsoleSettings.portSetting() + ": port " + settings.ports().get(0) + " on " + settings.host()
                            + " can't be listened on (" + (refused == null ? "" : refused.getMessage())
                            + "); choose another one, or leave it empty for a free one",
                    refused);
        }
        LOG.warn(
                "console: no port from {} to {} on {} is free, so this program has no console; set {}",
                settings.ports().get(0),
                settings.ports().get(settings.ports().size() - 1),
                settings.host(),
                ConsoleSettings.portSetting());
        return null;
    }

    int number() {
        return socket.getLocalPort();
    }

    /** Gives the port up, for the server that takes its place. */
    void release() {
        try {
            socket.close();
        } catch (IOException e) {
            LOG.debug("the port could not be given up", e);
        }
    }
}
