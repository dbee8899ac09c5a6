package io.keysetsync.run;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Mark;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What a run has committed so far; all lanes of a run share it. */
final class RunTotals {

    private final String id;
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final SchemaChanges schemaChanges = new SchemaChanges();
    private volatile Saved saved;
    private volatile @Nullable String cursorFrom;

    /** The stream's stored mark, and the counts of all pages that have committed. */
    private record Saved(Mark mark, Counts counts) {}

    RunTotals(String id, Mark mark) {
        this.id = id;
        this.cursorFrom = mark.cursor();
        this.saved = new Saved(mark, Counts.NONE);
    }

    String id() {
        return id;
    }

    SchemaChanges schemaChanges() {
        return schemaChanges;
    }

    Mark mark() {
        return saved.mark();
    }

    Counts counts() {
        return saved.counts();
    }

    /** Begins at a mark. */
    synchronized void beginAt(Mark mark) {
        cursorFrom = mark.cursor();
        saved = new Saved(mark, Counts.NONE);
    }

    /** Adds what has committed. Lanes may report in another order than they have committed in. */
    synchronized void add(Mark mark, Counts counts) {
        saved = new Saved(mark.version() < mark().version() ? mark() : mark, counts().plus(counts));
    }

    RunEvent.State state(Run run, RunStatus status, @Nullable String error) {
        Saved now = saved;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        return new RunEvent.State(
                run.stream(),
                id,
                status,
                now.counts(),
                cursorFrom,
                now.mark().cursor(),
                elapsed,
                run.commit().fraction(run, Instant.now()),
                error,
                startedAt,
                run.commit().isRetry());
    }
}
