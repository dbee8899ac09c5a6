package io.keysetsync.database;

import io.keysetsync.InterruptedRunException;
import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The locks that serialise catalogue reads and DDL on one database within this JVM. All pools that lead to the database
 * share them, also those of several CamelContexts; other databases have their own, so that a server that hangs holds up
 * nobody else.
 */
final class DdlLocks {

    /** Weak, so that an application that opens many databases keeps only the locks of those in use. */
    private static final Map<String, WeakReference<DdlLocks>> BY_URL = new HashMap<>();

    private final Map<String, Lock> locks = new ConcurrentHashMap<>();

    private DdlLocks() {}

    /**
     * The locks of a database.
     *
     * @param url its JDBC URL, as a connection gives it
     */
    static DdlLocks of(String url) {
        synchronized (BY_URL) {
            BY_URL.values().removeIf(unused -> unused.get() == null);
            WeakReference<DdlLocks> shared = BY_URL.get(url);
            @Nullable DdlLocks known = shared == null ? null : shared.get();
            if (known == null) {
                known = new DdlLocks();
                BY_URL.put(url, new WeakReference<>(known));
            }
            return known;
        }
    }

    /**
     * Does {@code work} while no other thread has the lock of {@code key}.
     *
     * @param what is read or changed, for the error
     * @throws InterruptedRunException if the thread is interrupted while it waits
     */
    <T> T exclusively(String key, String what, Supplier<T> work) {
        Lock lock = locks.computeIfAbsent(key, name -> new ReentrantLock());
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw new InterruptedRunException(
                    "interrupted while it waited for another stream to read or change " + what, e);
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }
}
