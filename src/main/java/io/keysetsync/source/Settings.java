package io.keysetsync.source;

import io.keysetsync.ConfigurationException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A Kamelet's parameters, read with one-line errors that name the stream, the parameter, its value and what it takes.
 *
 * @param stream whose Kamelet it is
 * @param values as the Kamelet passes them on
 */
public record Settings(String stream, Map<String, Object> values) {

    /** The value as text; empty where there is none. */
    public String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : value.toString();
    }

    /** A value that must not be blank. */
    public String required(String name) {
        String value = text(name);
        if (value.isBlank()) {
            throw wrong(name, "needs a value");
        }
        return value;
    }

    /** An ISO-8601 duration, not negative. */
    public Duration duration(String name) {
        try {
            Duration duration = Duration.parse(text(name));
            if (!duration.isNegative()) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // falls through to the one error for both
        }
        throw wrong(name, "is not an ISO-8601 duration such as PT5M");
    }

    /** A whole number from {@code least} on. */
    public int number(String name, int least) {
        try {
            int number = Integer.parseInt(text(name).trim());
            if (number >= least) {
                return number;
            }
        } catch (NumberFormatException e) {
            // falls through to the one error for both
        }
        throw wrong(name, "is not a whole number from " + least + " on");
    }

    /** A constant of an enumeration, in lower case. */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
        String text = text(name);
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> lower(value).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        "is none of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Settings::lower)
                                        .collect(Collectors.joining(", "))));
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    /** The error for a value that can't be used. */
    public ConfigurationException wrong(String name, String what) {
        return new ConfigurationException("stream " + stream + ": parameter " + name + " '" + text(name) + "' " + what);
    }
}
