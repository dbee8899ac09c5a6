package io.keysetsync.metrics;

import io.keysetsync.RunEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Keeps what there is to count until the meters have been loaded. */
final class KeptMeters implements Meters {

    /** More than the first runs do in the tenths of a second that loading takes. */
    private static final int MOST = 10_000;

    private final Queue<Consumer<Meters>> kept = new ArrayDeque<>();
    private @Nullable Meters loaded;

    @Override
    public void added(String stream) {
        // the meters ask for all streams when they are bound
    }

    @Override
    public void removed(String stream) {}

    @Override
    public void requested(String stream, int status, Duration took) {
        keep(meters -> meters.requested(stream, status, took));
    }

    @Override
    public void retried(String stream) {
        keep(meters -> meters.retried(stream));
    }

    @Override
    public void happened(RunEvent event) {
        keep(meters -> meters.happened(event));
    }

    private synchronized void keep(Consumer<Meters> action) {
        if (loaded != null) {
            action.accept(loaded);
        } else if (kept.size() < MOST) {
            kept.add(action);
        }
    }

    /** Hands over what was kept, in its order, and from now on all that still arrives here. */
    synchronized void replay(Meters meters) {
        kept.forEach(action -> action.accept(meters));
        kept.clear();
        loaded = meters;
    }
}
