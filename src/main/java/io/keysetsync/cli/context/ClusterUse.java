package io.keysetsync.cli.context;

import io.keysetsync.ConfigurationException;
import io.keysetsync.cluster.Cluster;
import io.keysetsync.store.ClusterSetting;
import org.apache.camel.CamelContext;

/** What a command does if the setting {@value ClusterSetting#NAME} is on. */
public enum ClusterUse {
    /** Looks at streams or changes them, and starts none. */
    NONE,
    /** Runs the streams as a node of the cluster. */
    NODE,
    /** Would run streams beside their cluster. */
    REFUSED;

    /**
     * Whether a program is a node.
     *
     * @param url of the program's database
     * @throws ConfigurationException if the program can't be one, or may not run beside the cluster
     */
    public boolean isNode(CamelContext context, String url) {
        if (!ClusterSetting.isOn(context) || this == NONE) {
            return false;
        }
        if (this == REFUSED) {
            throw new ConfigurationException(
                    ClusterSetting.NAME + " is true: 'once', and 'run' with named streams, would run"
                            + " streams beside their cluster; use 'run' without names, or 'run now' in the console of a node; while"
                            + " no node runs, -D" + ClusterSetting.NAME + "=false");
        }
        Cluster.refuseUnfit(url);
        return true;
    }
}
