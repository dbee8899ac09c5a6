package io.keysetsync.console;

import org.apache.camel.component.platform.http.vertx.VertxPlatformHttpEngine;

/** Serves the routes of the console on a separate port, and no other route. */
final class ConsoleEngine extends VertxPlatformHttpEngine {

    /** The name by which the console's routes know the engine. */
    static final String NAME = "keysetSyncConsole";

    private final int port;

    ConsoleEngine(int port) {
        this.port = port;
    }

    /** Does not take the place of the context's own engine, as Camel's would. */
    @Override
    protected void doInit() {}

    @Override
    public int getServerPort() {
        return port;
    }
}
