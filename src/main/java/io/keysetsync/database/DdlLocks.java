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

    /** The threads that wait for a lock; true once their wait is to end. */
    private static final Map<Thread, Boolean> WAITING = new HashMap<>();

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
     * @throws InterruptedRunException if the thread is interrupted while it waits, or its wait is {@linkplain #endWait
     *     ended}
     */
    <T> T exclusively(String key, String what, Supplier<T> work) {
        Lock lock = locks.computeIfAbsent(key, name -> new ReentrantLock());
        acquire(lock, what);
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private static void acquire(Lock lock, String what) {
        Thread current = Thread.currentThread();
        synchronized (WAITING) {
            WAITING.put(current, false);
        }
        try {
            lock.lockInterruptibly();
        } catch (InterruptedException e) {
            throw new InterruptedRunException(
                    "interrupted while it waited for another stream to read or change " + what, e);
        } finally {
            boolean isEnded;
            synchronized (WAITING) {
                isEnded = Boolean.TRUE.equals(WAITING.remove(current));
            }
            if (isEnded) {
                boolean unused = Thread.interrupted(); // the lock came first: H2 closes its file on such a thread
            }
        }
    }

    /** Ends a thread's wait for a lock. A thread that has the lock, or waits for none, is left alone. */
    static void endWait(Thread thread) {
        synchronized (WAITING) {
            if (WAITING.replace(thread, true) != null) {
                thread.interrupt();
            }
        }
    }
}
