package io.keysetsync.run.window;

import java.util.Objects;
import org.apache.camel.CamelContext;

/** Who shares the windows of a run. A context that is a node of a cluster has one, as a plugin. */
@FunctionalInterface
public interface WindowSharing {

    /** How many nodes that live have a stream, this one included. */
    int nodesWith(String stream);

    /** The sharing of a context; nobody shares with a context that has none. */
    static WindowSharing of(CamelContext context) {
        return Objects.requireNonNullElse(
                context.getCamelContextExtension().getContextPlugin(WindowSharing.class), stream -> 1);
    }
}
