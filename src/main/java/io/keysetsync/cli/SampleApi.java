package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Checks for the sample API on 127.0.0.1, before it starts. */
final class SampleApi {

    private static final String ENABLED = "sync.demo-api";

    private SampleApi() {}

    /**
     * Makes sure that the API's port is free. If it is taken, the HTTP server itself would only log that, and the sync
     * would ask whichever server has the port.
     *
     * @param shared whether the API may also be that of another process
     */
    static void prepare(CamelContext context, boolean shared) {
        if (!isEnabled(Program.setting(context, ENABLED))) {
            return;
        }
        String port = Program.setting(context, ENABLED + ".port");
        IOException taken = bind(port);
        if (taken == null) {
            return;
        }
        if (shared) {
            context.getPropertiesComponent().addOverrideProperty(ENABLED, "false");
            return;
        }
        throw new ConfigurationException(
                "the sample API's port " + port + " on 127.0.0.1 is taken; to sync from the API that has it, add"
                        + " -Dsync.demo-api=false; to use another port, set sync.demo-api.port and sync.user.url",
                taken);
    }

    private static boolean isEnabled(String value) {
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigurationException(ENABLED + " '" + value + "' is neither true nor false");
        };
    }

    private static @Nullable IOException bind(String port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
            return null;
        } catch (IllegalArgumentException e) {
            throw new ConfigurationException(ENABLED + ".port '" + port + "' is not a port number from 1 to 65535", e);
        } catch (IOException e) {
            return e;
        }
    }
}
