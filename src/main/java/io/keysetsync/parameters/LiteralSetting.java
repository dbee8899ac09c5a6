package io.keysetsync.parameters;

import io.keysetsync.ConfigurationException;
import java.util.Locale;
import java.util.Objects;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.component.properties.DefaultPropertiesLookup;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.spi.PropertiesFunction;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings whose value may be a secret, as they were given. Camel's own reading takes <code>{{…}}</code> inside a
 * value for a further placeholder, and drops a backslash near the value's end.
 */
public final class LiteralSetting {

    private static final Pattern FUNCTION = Pattern.compile("\\{\\{\\??([A-Za-z0-9._-]+):(.*)}}", Pattern.DOTALL);
    private static final Pattern BRACES = Pattern.compile("\\{\\{|}}");

    private static final ThreadLocal<Boolean> READING = ThreadLocal.withInitial(() -> false);

    private final CamelContext context;
    private final PropertiesComponent properties;

    private LiteralSetting(CamelContext context) {
        this.context = context;
        this.properties = (PropertiesComponent) context.getPropertiesComponent();
    }

    /**
     * Returns a setting's value as it is. Only if the value as a whole is a placeholder with a function, such as
     * <code>{{file:/run/secrets/token}}</code> or that of a vault, the value is what the function gives.
     *
     * @param key name of the setting, or a function with its argument, such as {@code env:TOKEN}
     * @throws ConfigurationException if the setting has no value
     */
    public static String read(CamelContext context, String key) {
        String value = new LiteralSetting(context).value(key);
        if (value == null) {
            throw new ConfigurationException(missing(key));
        }
        return value;
    }

    /** Returns a setting's value as {@link #read} does, or another one if the setting has none. */
    public static String readOr(CamelContext context, String key, String otherwise) {
        return Objects.requireNonNullElse(new LiteralSetting(context).value(key), otherwise);
    }

    /** The message that a setting has no value. */
    public static String missing(String key) {
        return "the setting '" + key + "' has no value; add it to application.properties, or give -D" + key
                + "=… or the environment variable "
                + key.replaceAll("[.-]", "_").toUpperCase(Locale.ROOT);
    }

    /** Whether the calling thread looks a setting up for this class, and so would use the value unchanged. */
    public static boolean isReading() {
        return READING.get();
    }

    private @Nullable String value(String key) {
        String placeholder = "{{" + key + "}}";
        String value = hasFunction(placeholder) ? placeholder : lookup(key);
        return value != null && hasFunction(value) ? applied(value) : value;
    }

    private boolean hasFunction(String value) {
        Matcher function = FUNCTION.matcher(value);
        return function.matches()
                && isOnePlaceholder(value)
                && properties.getPropertiesFunction(function.group(1)) != null;
    }

    /** Whether the braces that open the text are closed at its end, and not before. */
    private static boolean isOnePlaceholder(String text) {
        Matcher braces = BRACES.matcher(text);
        int depth = 0;
        while (braces.find()) {
            depth += braces.group().equals("{{") ? 1 : -1;
            if (depth <= 0) {
                return braces.end() == text.length();
            }
        }
        return false;
    }

    private @Nullable String applied(String placeholder) {
        Matcher parts = FUNCTION.matcher(placeholder);
        if (!parts.matches()) {
            return null;
        }
        PropertiesFunction function = properties.getPropertiesFunction(parts.group(1));
        String remainder = parts.group(2);
        if (remainder.contains("{{")) {
            remainder = context.resolvePropertyPlaceholders(remainder);
        }
        if (function.lookupFirst(remainder)) {
            remainder = lookup(remainder);
        }
        if (remainder == null) {
            return null;
        }
        return function instanceof LiteralFunction literal ? literal.literal(remainder) : function.apply(remainder);
    }

    /** Looks a setting up in all places in which Camel does, without what Camel does with the value. */
    private @Nullable String lookup(String key) {
        READING.set(true);
        Properties ofKamelet = properties.getLocalProperties(); // its parameters would hide settings of their names
        properties.setLocalProperties(new Properties());
        try {
            return properties
                    .getPropertiesParser()
                    .parseUri(
                            "{{?" + key + "}}",
                            new DefaultPropertiesLookup(properties),
                            properties.isDefaultFallbackEnabled(),
                            false,
                            false);
        } finally {
            properties.setLocalProperties(ofKamelet);
            READING.remove();
        }
    }
}
