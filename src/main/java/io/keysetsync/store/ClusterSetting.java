package io.keysetsync.store;

import io.keysetsync.ConfigurationException;
import org.apache.camel.CamelContext;

/** The setting that makes a program a node of a cluster. */
public final class ClusterSetting {

    public static final String NAME = "sync.cluster";

    private static final String DEFAULT = "false";

    private ClusterSetting() {}

    /**
     * Whether a context's setting asks for a cluster.
     *
     * @throws ConfigurationException if the setting can't be read
     */
    public static boolean isOn(CamelContext context) {
        String value = context.getPropertiesComponent()
                .resolveProperty(NAME)
                .orElse(DEFAULT)
                .strip();
        return switch (value) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new ConfigurationException(NAME + " '" + value + "' is neither true nor false");
        };
    }
}
