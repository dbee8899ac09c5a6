package io.keysetsync.cli.context;

import io.keysetsync.ConfigurationException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a program refuses before it starts. */
public final class StartChecks {

    /** Camel's setting by which it reloads routes. */
    public static final String CAMELS_RELOAD = "camel.main.routes-reload-enabled";

    private StartChecks() {}

    /** Camel's own reload cuts a run in the middle of a page, and leaves no route if a file is wrong. */
    public static void refuseCamelsReload(String enabled) {
        if (!enabled.strip().equalsIgnoreCase("false")) {
            throw new ConfigurationException(CAMELS_RELOAD + " '" + enabled + "' can't be used; remove that setting,"
                    + " and start with 'run --dev' to have edits take effect while the program runs");
        }
    }

    /** Camel's own message for a missing file names neither the folder nor the remedy. */
    public static void requireFile(Path file, String why) {
        if (!Files.isRegularFile(file)) {
            throw new ConfigurationException(
                    "there is no " + file + " in " + Path.of("").toAbsolutePath() + "; " + why);
        }
    }
}
