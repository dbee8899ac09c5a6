package io.keysetsync.run.lifecycle;

import io.keysetsync.run.Run;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.AbstractExecutorService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RunnableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.support.UnitOfWorkHelper;
import org.jspecify.annotations.Nullable;

/**
 * The threads in which the branches of all runs of a context work. Camel would make a pool for each route; one pool that
 * grows has fewer threads, and in it no stream that waits for its API holds up another.
 *
 * <p>An error such as {@link OutOfMemoryError}, which no step of Camel catches, ends the run in whose branch it came up:
 * otherwise the run would wait for that branch forever.
 */
public final class BranchThreads extends AbstractExecutorService {

    private static final String NAME = "keyset-sync-branches";

    private final ExecutorService threads;
    private final RunsUnderWay runs;
    private static final ThreadLocal<@Nullable Exchange> CURRENT = new ThreadLocal<>();

    private BranchThreads(ExecutorService threads, RunsUnderWay runs) {
        this.threads = threads;
        this.runs = runs;
    }

    /** The threads of a context; created on first use, and shut down by the context. */
    public static BranchThreads of(CamelContext context) {
        String name = name(context);
        synchronized (context) {
            BranchThreads known = context.getRegistry().lookupByNameAndType(name, BranchThreads.class);
            if (known != null && !known.isShutdown()) {
                return known;
            }
            ExecutorService pool = context.getExecutorServiceManager().newCachedThreadPool(context, NAME);
            BranchThreads created = new BranchThreads(pool, RunsUnderWay.of(context));
            context.getRegistry().bind(name, created);
            return created;
        }
    }

    /** The bean name of the threads of a context; contexts may share a registry. */
    public static String name(CamelContext context) {
        return NAME + "-" + context.getName();
    }

    /** Tells for which branch of a run the current thread works. */
    public static void workFor(Exchange branch) {
        CURRENT.set(branch);
    }

    @Override
    protected <T> RunnableFuture<T> newTaskFor(Runnable task, T value) {
        return super.newTaskFor(() -> work(task), value);
    }

    private void work(Runnable task) {
        try {
            task.run();
        } catch (Error e) {
            Exchange branch = CURRENT.get();
            if (branch != null) {
                broken(branch, e);
            }
            throw e;
        } finally {
            CURRENT.remove();
        }
    }

    private void broken(Exchange branch, Error error) {
        Run run = Objects.requireNonNull(Run.of(branch));
        run.broken(error);
        branch.setException(error);
        try {
            // a step of Camel calls back even after such an error; what it has queued in this thread would continue the
            // page when the thread is used again
            branch.getContext().getCamelContextExtension().getReactiveExecutor().scheduleSync(() -> {});
        } catch (Error another) {
            error.addSuppressed(another);
        }
        UnitOfWorkHelper.doneUow(branch.getUnitOfWork(), branch);
        runs.broken(run);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    @Override
    public void shutdown() {
        threads.shutdown();
    }

    @Override
    public List<Runnable> shutdownNow() {
        return threads.shutdownNow();
    }

    @Override
    public boolean isShutdown() {
        return threads.isShutdown();
    }

    @Override
    public boolean isTerminated() {
        return threads.isTerminated();
    }

    @Override
    public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
        return threads.awaitTermination(timeout, unit);
    }
}
