package io.keysetsync.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.CamelContext;

/**
 * The name of who runs a stream, as in {@code web1-4711-k3f9}: the machine or container, the process, and four characters
 * that no other process has. Without these, two containers that share the machine's name could also share a process id.
 * A further context of a process has a number in addition.
 */
public final class NodeName {

    private static final int BASE = 36;
    private static final int SUFFIXES = BASE * BASE * BASE * BASE;

    /** A job store's column for the name and a number has room for 95 characters. */
    private static final int MOST_OF_HOST = 60;

    /** The name of this process, which is that of its first context. */
    public static final String PROCESS = host() + "-" + ProcessHandle.current().pid() + "-" + suffix();

    private static final AtomicInteger CONTEXTS = new AtomicInteger();

    private final String text;

    private NodeName(int context) {
        text = context == 1 ? PROCESS : PROCESS + "-" + context;
    }

    /** The name of a context, for as long as the context lives. */
    public static String of(CamelContext context) {
        synchronized (context) {
            NodeName name = context.getCamelContextExtension().getContextPlugin(NodeName.class);
            if (name == null) {
                name = new NodeName(CONTEXTS.incrementAndGet());
                context.getCamelContextExtension().addContextPlugin(NodeName.class, name);
            }
            return name.text;
        }
    }

    /** Asks the environment and the system, but not Java, which would ask the network. */
    private static String host() {
        String name = System.getenv("HOSTNAME"); // of a container
        if (name == null || name.isBlank()) {
            name = System.getenv("COMPUTERNAME"); // of Windows
        }
        if (name == null || name.isBlank()) {
            try {
                name = Files.readString(Path.of("/etc/hostname"));
            } catch (IOException e) {
                name = "localhost";
            }
        }
        name = name.strip();
        return name.substring(0, Math.min(name.length(), MOST_OF_HOST));
    }

    private static String suffix() {
        int random = ThreadLocalRandom.current().nextInt(SUFFIXES);
        return Integer.toString(SUFFIXES + random, BASE).substring(1);
    }
}
