package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import io.keysetsync.Errors;
import io.keysetsync.parameters.LiteralFunction;
import io.keysetsync.parameters.LiteralSetting;
import io.keysetsync.parameters.LiteralText;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.EnvPropertiesFunction;
import org.apache.camel.main.Main;
import org.apache.camel.spi.PropertiesComponent;
import org.apache.camel.util.OrderedProperties;
import org.jspecify.annotations.Nullable;

/** The settings of a program: those of its file, and which of all settings were read. */
final class Settings {

    /** Stands for bytes that are no text in the encoding in which Java reads arguments and environment variables. */
    private static final String UNDECODED = "\uFFFD";

    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Path file;
    private final Properties inFile = new OrderedProperties();
    private final Set<String> used = ConcurrentHashMap.newKeySet();
    private final Map<String, ConfigurationException> wrong = new ConcurrentSkipListMap<>();

    Settings(Path file) {
        this.file = file;
    }

    /**
     * Reads the file, and gives a program its settings, with lower priority than the environment and the command line.
     * Camel itself would read Latin-1, and take a byte order mark for a part of the first setting's name.
     *
     * @throws ConfigurationException if the file is missing or can't be read
     */
    void load(Main main) {
        try {
            inFile.putAll(read(file));
        } catch (CharacterCodingException e) {
            throw unreadable("is not text in UTF-8; save it as UTF-8", e);
        } catch (IOException | IllegalArgumentException e) {
            throw unreadable("can't be read: " + Errors.describe(e), e);
        }
        inFile.stringPropertyNames()
                .forEach(key ->
                        main.addInitialProperty(key, inFile.getProperty(key).replaceFirst(" +$", "")));
    }

    private static Properties read(Path file) throws IOException {
        String text = Files.readString(file);
        Properties read = new OrderedProperties();
        read.load(new StringReader(text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text));
        return read;
    }

    /** A setting of a file; null if the file lacks it, or can't be read, of which {@link #load} tells. */
    static @Nullable String look(Path file, String key) {
        try {
            return read(file).getProperty(key);
        } catch (IOException | IllegalArgumentException e) {
            return null;
        }
    }

    private ConfigurationException unreadable(String what, Exception e) {
        return new ConfigurationException(file + " " + what, e);
    }

    /**
     * Records every setting that is read from now on, and checks environment variables; must be called before the context
     * reads any.
     */
    void watch(CamelContext context) {
        PropertiesComponent properties = context.getPropertiesComponent();
        properties.addPropertiesFunction(new Environment());
        properties.addPropertiesLookupListener((name, value, defaultValue, source) -> {
            used.add(name);
            if (isUndecoded(value)) {
                wrong.put(name, undecoded("the setting '" + name + "'"));
            } else if (value != null && !LiteralSetting.isReading() && LiteralText.losesItsLastBackslash(value)) {
                wrong.put(
                        name,
                        new ConfigurationException("the setting '" + name + "' has a backslash as one of its"
                                + " last two characters, which Camel would drop; " + LiteralText.REMEDY));
            }
        });
    }

    private static boolean isUndecoded(@Nullable String value) {
        return value != null && value.contains(UNDECODED);
    }

    /** Camel's placeholder <code>{{env:NAME}}</code>, without values that would be used as others than were given. */
    private static final class Environment extends EnvPropertiesFunction implements LiteralFunction {

        @Override
        public @Nullable String apply(String name) {
            String value = literal(name);
            return value == null ? null : LiteralText.checked(value, variable(name));
        }

        @Override
        public @Nullable String literal(String name) {
            String value = super.apply(name);
            if (isUndecoded(value)) {
                throw undecoded(variable(name));
            }
            return value;
        }

        private static String variable(String name) {
            return "the environment variable '" + name.replaceFirst(":.*", "") + "'"; // without its default
        }
    }

    private static ConfigurationException undecoded(String what) {
        return new ConfigurationException(what + " has bytes that can't be read as "
                + System.getProperty("sun.jnu.encoding") + "; give its value in UTF-8, and start the program by"
                + " bin/keyset-sync, or in a locale of UTF-8 such as LC_ALL=C.UTF-8");
    }

    /**
     * Refuses settings that have been read, and would be used with another value than was given.
     *
     * @throws ConfigurationException naming the first of them
     */
    void refuseWrong() {
        wrong.values().stream().findFirst().ifPresent(error -> {
            throw error;
        });
    }

    /**
     * Refuses given settings that nothing has read: they are misspelt. A setting that stands in the file is accepted even
     * if nothing has read it.
     *
     * @throws ConfigurationException naming the first of them
     */
    void refuseUnused(Collection<String> given) {
        given.stream()
                .filter(key -> key.startsWith("sync.") && !used.contains(key) && inFile.getProperty(key) == null)
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw new ConfigurationException("-D" + key + ": neither " + file + " nor a route has a setting of"
                            + " this name; check how it is spelt, or add it to " + file);
                });
    }

    /** How many streams run at the same time. */
    static int concurrency(String value) {
        try {
            int streams = Integer.parseInt(value.trim());
            if (streams >= 1) {
                return streams;
            }
        } catch (NumberFormatException e) {
            // falls through to the one error for both
        }
        throw new ConfigurationException("sync.concurrency '" + value + "' must be a whole number of at least 1");
    }
}
