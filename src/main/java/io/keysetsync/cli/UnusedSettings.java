package io.keysetsync.cli;

import io.keysetsync.ConfigurationException;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.CamelContext;

/** Finds out which {@code sync.} settings of a command line nobody has asked for: those are misspelt. */
final class UnusedSettings {

    private final Set<String> used = ConcurrentHashMap.newKeySet();

    /** Notes what is asked for from now on; to be called before the context has read any setting. */
    void watch(CamelContext context) {
        context.getPropertiesComponent()
                .addPropertiesLookupListener((name, value, defaultValue, source) -> used.add(name));
    }

    /**
     * Refuses settings that neither a route nor the program has asked for. What the file names is known, whether something
     * needs it this time or not.
     *
     * @throws ConfigurationException naming the first of them
     */
    void refuse(Collection<String> given, Path file) {
        Properties known = new Properties();
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            known.load(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        given.stream()
                .filter(key -> key.startsWith("sync.") && !used.contains(key) && !known.containsKey(key))
                .sorted()
                .findFirst()
                .ifPresent(key -> {
                    throw new ConfigurationException("-D" + key + ": neither " + file + " nor a route has a setting of"
                            + " this name; check how it is spelt, or add it to " + file);
                });
    }
}
