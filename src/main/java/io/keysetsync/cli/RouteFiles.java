package io.keysetsync.cli;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The files that routes are made of, as they were at one time: streams, Kamelets, schemas and the settings.
 *
 * @param texts by the files' paths, as the settings have them, such as {@code routes/user.camel.yaml}
 */
record RouteFiles(Map<String, String> texts) {

    static final String SETTINGS = "application.properties";

    private static final String KAMELET = ".kamelet.yaml";

    RouteFiles {
        texts = Map.copyOf(texts);
    }

    @Nullable
    String text(String file) {
        return texts.get(file);
    }

    /** These files, but for one, which is as it is there. */
    RouteFiles with(String file, RouteFiles there) {
        Map<String, String> others = new HashMap<>(texts);
        others.remove(file);
        String text = there.text(file);
        if (text != null) {
            others.put(file, text);
        }
        return new RouteFiles(others);
    }

    /** The files that are new, other ones, or gone. */
    Set<String> changedSince(RouteFiles before) {
        return Stream.concat(texts.keySet().stream(), before.texts.keySet().stream())
                .filter(file -> !Objects.equals(text(file), before.text(file)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The Kamelets whose files have changed. */
    Set<String> kameletsChangedSince(RouteFiles before) {
        return changedSince(before).stream()
                .filter(RouteFiles::isKamelet)
                .map(RouteFiles::shortName)
                .collect(Collectors.toSet());
    }

    /**
     * The files that have changed, and all that name one of these, or a setting that has: a stream names its Kamelets and
     * its schema. Rather one too many, which costs a reload, than one too few.
     */
    Set<String> affectedSince(RouteFiles before) {
        Set<String> affected = changedSince(before);
        Set<String> names = new HashSet<>(settingsChangedSince(before));
        int known = -1;
        while (affected.size() + names.size() > known) {
            known = affected.size() + names.size();
            affected.stream()
                    .filter(file -> !file.equals(SETTINGS))
                    .map(RouteFiles::shortName)
                    .forEach(names::add);
            texts.forEach((file, text) -> {
                if (names.stream().anyMatch(text::contains)) {
                    affected.add(file);
                }
            });
        }
        affected.remove(SETTINGS);
        return affected;
    }

    private Set<String> settingsChangedSince(RouteFiles before) {
        Map<Object, Object> now = settings();
        Map<Object, Object> then = before.settings();
        return Stream.concat(now.keySet().stream(), then.keySet().stream())
                .filter(key -> !Objects.equals(now.get(key), then.get(key)))
                .map(Object::toString)
                .collect(Collectors.toSet());
    }

    private Map<Object, Object> settings() {
        Properties settings = new Properties();
        try {
            settings.load(new StringReader(texts.getOrDefault(SETTINGS, "")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new TreeMap<>(settings);
    }

    static boolean isKamelet(String file) {
        return file.endsWith(KAMELET);
    }

    /** By which other files call it: a Kamelet's name, or the name of another file without its folder. */
    private static String shortName(String file) {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return isKamelet(name) ? name.substring(0, name.length() - KAMELET.length()) : name;
    }
}
