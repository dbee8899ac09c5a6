package io.keysetsync.metrics;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is read from a database in the background, at most once in a while, so that a database that is slow or away
 * holds up nobody: all who ask during one read wait together, for the same short time.
 */
final class FreshValue<T> {

    private final String thread;
    private final Supplier<T> read;
    private final Duration kept;
    private final Duration patience;
    private @Nullable Reading<T> reading;
    private volatile @Nullable T last;

    /** One read. */
    private record Reading<T>(long begun, CompletableFuture<T> result) {

        Duration age() {
            return Duration.ofNanos(System.nanoTime() - begun);
        }
    }

    /**
     * A value that has not been read yet.
     *
     * @param thread the name of the thread that reads
     * @param kept how long a value is used without another read
     * @param patience the longest wait for one read
     */
    FreshValue(String thread, Supplier<T> read, Duration kept, Duration patience) {
        this.thread = thread;
        this.read = read;
        this.kept = kept;
        this.patience = patience;
    }

    /** The value as it is now; empty if the read failed, or has not ended in time. */
    Optional<T> now() {
        Reading<T> current = current();
        Duration left = patience.minus(current.age());
        try {
            return Optional.of(current.result().get(Math.max(0, left.toNanos()), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception e) {
            return Optional.empty();
        }
    }

    /** The value as it is now, or else as it was when it could last be read; empty if it never could. */
    Optional<T> nowOrBefore() {
        Optional<T> now = now();
        return now.isPresent() ? now : Optional.ofNullable(last);
    }

    /** The read under way, or the last one if its value may still be used, or else a new one. */
    private synchronized Reading<T> current() {
        Reading<T> known = reading;
        if (known != null && (!known.result().isDone() || known.age().compareTo(kept) < 0)) {
            return known;
        }
        Reading<T> begun = new Reading<>(System.nanoTime(), new CompletableFuture<>());
        reading = begun;
        Thread reader = new Thread(() -> read(begun.result()), thread);
        reader.setDaemon(true);
        reader.start();
        return begun;
    }

    private void read(CompletableFuture<T> result) {
        try {
            T value = read.get();
            last = value;
            result.complete(value);
        } catch (RuntimeException | Error e) {
            result.completeExceptionally(e);
        }
    }
}
