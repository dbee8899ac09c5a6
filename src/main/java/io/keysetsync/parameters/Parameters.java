package io.keysetsync.parameters;

import io.keysetsync.ConfigurationException;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Kamelet's parameters, read with one-line errors that name the stream, the parameter, its value and what it takes.
 *
 * @param stream whose Kamelet it is
 * @param values as the Kamelet passes them on
 */
public record Parameters(String stream, Map<String, Object> values) {

    private static final Pattern RATE = Pattern.compile("\\d{1,9}(\\.\\d{1,9})?");

    private static final Pattern SIZE = Pattern.compile("(\\d{1,18})\\s*([A-Za-z]*)");
    private static final Map<String, Long> UNITS = Map.of(
            "",
            1L,
            "b",
            1L,
            "kb",
            1000L,
            "mb",
            1_000_000L,
            "gb",
            1_000_000_000L,
            "kib",
            1L << 10,
            "mib",
            1L << 20,
            "gib",
            1L << 30);

    /** The value as text; empty if there is none. */
    public String text(String name) {
        Object value = values.get(name);
        return value == null ? "" : UriText.decoded(value.toString());
    }

    /** Whether the value is that of a setting which the parameter names, and may be a secret. */
    public boolean isSetting(String name) {
        return values.get(name) instanceof SettingValue;
    }

    private String shown(String name) {
        return values.get(name) instanceof SettingValue setting
                ? "#property:" + setting.key()
                : text(name).replace('\n', ' ');
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
        throw wrong(name, "must be an ISO-8601 duration such as PT5M");
    }

    /** A duration of at least a millisecond: some clients take zero for no limit, others for no time at all. */
    public Duration timeout(String name) {
        Duration timeout = duration(name);
        if (timeout.toMillis() < 1) {
            throw wrong(name, "must be a duration of at least a millisecond, such as PT10S");
        }
        return timeout;
    }

    /** A rate a second: a number from 0.0001 to a million. */
    public double rate(String name) {
        if (RATE.matcher(text(name).trim()).matches()) {
            double rate = Double.parseDouble(text(name).trim());
            if (rate >= 0.000_1 && rate <= 1_000_000) {
                return rate;
            }
        }
        throw wrong(name, "must be a number from 0.0001 to 1000000, such as 10 or 0.5");
    }

    /** A size such as {@code 64 MiB}, {@code 500KB} or {@code 1000000}, in bytes. */
    public long bytes(String name) {
        Matcher size = SIZE.matcher(text(name).trim());
        Long unit =
                size.matches() ? UNITS.get(Objects.toString(size.group(2), "").toLowerCase(Locale.ROOT)) : null;
        if (unit != null) {
            try {
                long bytes = Math.multiplyExact(Long.parseLong(size.group(1)), unit);
                if (bytes > 0) {
                    return bytes;
                }
            } catch (NumberFormatException | ArithmeticException e) {
                // falls through to the one error for all
            }
        }
        throw wrong(name, "must be a size such as 64 MiB; units are B, KB, MB, GB, KiB, MiB, GiB");
    }

    /** An absolute http or https URL. */
    public URI url(String name) {
        try {
            URI url = new URI(required(name));
            if (("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null) {
                return url;
            }
        } catch (URISyntaxException e) {
            // falls through to the one error for both
        }
        throw wrong(name, "must be an absolute http or https URL");
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
        throw wrong(name, "must be a whole number of at least " + least);
    }

    /** {@code true} or {@code false}. */
    public boolean flag(String name) {
        return switch (text(name)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, "must be true or false");
        };
    }

    /** A value that a reader makes of the text; the reader's own error says what is wrong with the value. */
    public <T> T read(String name, Function<String, T> reader) {
        try {
            return reader.apply(text(name));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw new ConfigurationException(
                    "stream " + stream + ": parameter " + name + " '" + shown(name) + "': " + e.getMessage(), e);
        }
    }

    /** A constant of an enumeration, as Java writes a field's name: {@code LINK_HEADER} is {@code linkHeader}. */
    public <E extends Enum<E>> E choice(String name, Class<E> type) {
        String text = text(name);
        return Arrays.stream(type.getEnumConstants())
                .filter(value -> written(value).equals(text))
                .findFirst()
                .orElseThrow(() -> wrong(
                        name,
                        "must be one of "
                                + Arrays.stream(type.getEnumConstants())
                                        .map(Parameters::written)
                                        .collect(Collectors.joining(", "))));
    }

    private static String written(Enum<?> value) {
        String[] words = value.name().toLowerCase(Locale.ROOT).split("_", -1);
        return words[0]
                + Arrays.stream(words, 1, words.length)
                        .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                        .collect(Collectors.joining());
    }

    /** The error for a value that can't be used. */
    public ConfigurationException wrong(String name, String what) {
        return new ConfigurationException(
                "stream " + stream + ": parameter " + name + " '" + shown(name) + "' " + what);
    }
}
