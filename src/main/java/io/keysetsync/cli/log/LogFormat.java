package io.keysetsync.cli.log;

import io.keysetsync.ConfigurationException;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The values of the setting {@value #SETTING}. */
public enum LogFormat {
    /** Lines for people. */
    TEXT,
    /** One JSON object a line. */
    JSON;

    public static final String SETTING = "sync.log";
    public static final String DEFAULT = "text";

    /**
     * The format of a setting's value.
     *
     * @throws ConfigurationException if there is no such format
     */
    public static LogFormat parse(String value) {
        return switch (value.strip()) {
            case DEFAULT -> TEXT;
            case "json" -> JSON;
            default -> throw new ConfigurationException(SETTING + " '" + value + "' is neither text nor json");
        };
    }

    /**
     * The first format that is given, found out before anything logs: Camel reads the settings only later.
     *
     * @param values of the setting, the most important one first; null if it has none there
     * @throws ConfigurationException if there is no such format
     */
    public static LogFormat first(@Nullable String... values) {
        return Stream.of(values)
                .filter(Objects::nonNull)
                .findFirst()
                .map(LogFormat::parse)
                .orElse(TEXT);
    }
}
