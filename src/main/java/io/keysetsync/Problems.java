package io.keysetsync;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Errors as one line. */
public final class Problems {

    private static final int MAX_CAUSES = 100;

    private Problems() {}

    /** The first {@link SyncException} among an error and its causes; null where there is none. */
    public static @Nullable SyncException known(@Nullable Throwable error) {
        Throwable cause = error;
        for (int i = 0; cause != null && i < MAX_CAUSES; i++, cause = cause.getCause()) {
            if (cause instanceof SyncException known) {
                return known;
            }
        }
        return null;
    }

    /** What the innermost cause says, with its type where the message alone says little. */
    public static String describe(Throwable error) {
        Throwable root = error;
        for (int i = 0; root.getCause() != null && i < MAX_CAUSES; i++) {
            root = root.getCause();
        }
        String message = firstLine(Objects.toString(root.getMessage(), ""));
        String type = root.getClass().getSimpleName().replaceAll("Exception$", "");
        return message.isEmpty() ? type : message.contains(" ") ? message : type + " " + message;
    }

    /** The text up to its first line break. */
    public static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
