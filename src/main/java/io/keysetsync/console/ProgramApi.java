package io.keysetsync.console;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.keysetsync.Version;
import java.nio.file.Path;
import java.time.Instant;

/** Answers {@code /api/program}; the console's routes call its method. */
public final class ProgramApi {

    private final Instant startedAt = Instant.now();

    ProgramApi() {}

    /** Which program this is. */
    public String describe() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("version", Version.get())
                .put("folder", folder())
                .put("started_at", startedAt.toString())
                .put("now", Instant.now().toString())
                .toString();
    }

    /** The folder of the program, by which its commands know it. */
    static String folder() {
        return Path.of("").toAbsolutePath().toString();
    }
}
