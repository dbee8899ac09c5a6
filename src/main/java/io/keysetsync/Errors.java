package io.keysetsync;

import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Describes errors in one line, and searches their causes. */
public final class Errors {

    private static final int MAX_CAUSES = 100;

    /** Some errors quote the whole body, that is, a page or a record. */
    private static final int MAX_LENGTH = 300;

    private Errors() {}

    /** The first {@link SyncException} among an error and its causes; null if there is none. */
    public static @Nullable SyncException known(@Nullable Throwable error) {
        return causes(error)
                .filter(SyncException.class::isInstance)
                .map(SyncException.class::cast)
                .findFirst()
                .orElse(null);
    }

    /** An error and its causes, from the outermost to the innermost. */
    public static Stream<Throwable> causes(@Nullable Throwable error) {
        return Stream.iterate(error, Objects::nonNull, Throwable::getCause).limit(MAX_CAUSES);
    }

    /** The innermost error of a type among an error and its causes; null if there is none. */
    public static <T extends Throwable> @Nullable T innermost(Class<T> type, Throwable error) {
        return causes(error)
                .filter(type::isInstance)
                .map(type::cast)
                .reduce((outer, inner) -> inner)
                .orElse(null);
    }

    /** The message of the innermost cause, as {@link #message} gives it. */
    public static String describe(Throwable error) {
        return message(causes(error).reduce(error, (outer, inner) -> inner));
    }

    /** The message of the error itself, with its type if the message alone says little. */
    public static String message(Throwable error) {
        String message = firstLine(Objects.toString(error.getMessage(), "")).replaceFirst("; SQL statement:$", "");
        String type = error.getClass().getSimpleName().replaceAll("Exception$", "");
        String cut = message.length() <= MAX_LENGTH ? message : message.substring(0, MAX_LENGTH) + "…";
        return cut.isEmpty() ? type : cut.contains(" ") ? cut : type + " " + cut;
    }

    /** The text with its line breaks and other runs of white space as single spaces. */
    public static String oneLine(String text) {
        return text.strip().replaceAll("\\s+", " ");
    }

    /** The text up to its first line break. */
    public static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("");
    }
}
