package io.keysetsync.cli.context;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The user's browser. */
public final class Browser {

    private static final Logger LOG = LoggerFactory.getLogger(Browser.class);

    private static final long STARTED_SECONDS = 5;

    private Browser() {}

    /**
     * Opens a link that is secret. Everybody on the machine can read a process's arguments, so the browser gets a temporary
     * file that leads to the link and that only its owner can read. The file stays, as nothing tells when it has been read.
     *
     * @return false if no browser could be started
     */
    public static boolean open(String link) {
        try {
            Path page = Files.createTempFile("keyset-sync-console", ".html"); // its owner's alone, by default
            Files.writeString(page, "<!doctype html><meta http-equiv=\"refresh\" content=\"0;url=" + link + "\">");
            Process opener = new ProcessBuilder(command(page.toUri().toString()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            boolean hasEnded = opener.waitFor(STARTED_SECONDS, TimeUnit.SECONDS);
            return !hasEnded || opener.exitValue() == 0;
        } catch (IOException e) {
            LOG.debug("no browser could be started", e);
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static List<String> command(String page) {
        String system = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        if (system.contains("win")) {
            return List.of("rundll32", "url.dll,FileProtocolHandler", page);
        }
        return List.of(system.contains("mac") ? "open" : "xdg-open", page);
    }
}
