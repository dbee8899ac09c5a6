package io.keysetsync.cli.log;

import io.keysetsync.ConfigurationException;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
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
     * The format that is set, found out before anything logs: Camel reads the settings only later.
     *
     * @param given by the command line
     * @param file the settings; what is wrong with the file as a whole is said when Camel's settings are read
     * @throws ConfigurationException if there is no such format
     */
    public static LogFormat of(Map<String, String> given, Map<String, String> environment, Path file) {
        return Stream.of(given.get(SETTING), environment.get("SYNC_LOG"), inFile(file))
                .filter(Objects::nonNull)
                .findFirst()
                .map(LogFormat::parse)
                .orElse(TEXT);
    }

    private static @Nullable String inFile(Path file) {
        try {
            Properties settings = new Properties();
            settings.load(new StringReader(Files.readString(file)));
            return settings.getProperty(SETTING);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }
}
