package io.keysetsync.events;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** The events that wait for one handler. When the queue is full, the oldest event goes. */
final class EventQueue {

    /** The most events that wait. */
    static final int CAPACITY = 1000;

    private final Queue<Event> events = new ArrayDeque<>();
    private boolean isOverflowing;
    private boolean isHandling;

    /**
     * Adds an event.
     *
     * @return whether the queue has become too full: false while it stays so
     */
    synchronized boolean offer(Event event) {
        boolean isFull = events.size() == CAPACITY;
        boolean becameTooFull = isFull && !isOverflowing;
        if (isFull) {
            events.remove();
            isOverflowing = true;
        }
        events.add(event);
        notifyAll();
        return becameTooFull;
    }

    /** Takes the oldest event, which counts as being handled until {@link #handled}; null if none comes in time. */
    synchronized @Nullable Event take(Duration most) throws InterruptedException {
        await(most, true);
        Event event = events.poll();
        isHandling = event != null;
        isOverflowing = isOverflowing && !events.isEmpty();
        return event;
    }

    /** Notes that the event that was taken is done. */
    synchronized void handled() {
        isHandling = false;
        notifyAll();
    }

    /** Waits until no event waits or is being handled. */
    synchronized boolean awaitIdle(Duration most) throws InterruptedException {
        await(most, false);
        return isIdle();
    }

    private void await(Duration most, boolean forAnEvent) throws InterruptedException {
        long end = System.nanoTime() + most.toNanos();
        while (forAnEvent ? events.isEmpty() : !isIdle()) {
            long millis = (end - System.nanoTime()) / 1_000_000;
            if (millis <= 0) {
                return;
            }
            wait(millis);
        }
    }

    synchronized boolean isIdle() {
        return events.isEmpty() && !isHandling;
    }

    /** Forgets all events; gives their number, with that of the event that is being handled. */
    synchronized int clear() {
        int lost = events.size() + (isHandling ? 1 : 0);
        events.clear();
        notifyAll();
        return lost;
    }
}
