package io.keysetsync.run.window;

import io.keysetsync.store.StoredWindow;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds out which runners are dead: those that have not shown for a time that they live. It is this process's own clock that
 * measures the time, as the clocks of two machines may differ.
 */
final class Pulse {

    private static final Duration MOST = Duration.ofSeconds(15);

    private final Map<String, Seen> seen = new HashMap<>();

    /** A claim and its beat, and when they were first seen. */
    private record Seen(long claim, long beat, long nanos) {}

    /** Whether the runner that has a window is dead, as far as this has looked. */
    synchronized boolean isDead(StoredWindow window) {
        long now = System.nanoTime();
        Seen last = seen.get(window.id());
        if (last == null || last.claim() != window.claim() || last.beat() != window.beat()) {
            seen.put(window.id(), new Seen(window.claim(), window.beat(), now));
            return false;
        }
        return now - last.nanos() > MOST.toNanos();
    }
}
