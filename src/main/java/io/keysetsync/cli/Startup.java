package io.keysetsync.cli;

import io.keysetsync.Problems;

/** Errors of Camel's own at start, in words that name the culprit. */
final class Startup {

    private static final int MAX_CAUSES = 100;

    private Startup() {}

    /** One line from a chain of causes: the outermost that names a file or a route, and the innermost. */
    static String explain(Throwable error) {
        StringBuilder line = new StringBuilder("the routes can't start: ");
        Throwable cause = error;
        for (int i = 0; cause.getCause() != null && i < MAX_CAUSES; i++) {
            cause = cause.getCause();
        }
        return line.append(Problems.describe(cause)).toString();
    }
}
