package io.keysetsync.run.window;

import java.util.Objects;
import org.apache.camel.CamelContext;

/** With how many nodes a context shares the windows of its runs. A context that is a node of a cluster has it as a plugin. */
@FunctionalInterface
public interface WindowSharing {

    /** How many living nodes have a stream, this one included. */
    int nodesWith(String stream);

    /** The sharing of a context; a context without one is alone. */
    static WindowSharing of(CamelContext context) {
        return Objects.requireNonNullElse(
                context.getCamelContextExtension().getContextPlugin(WindowSharing.class), stream -> 1);
    }
}
