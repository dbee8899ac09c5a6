package io.keysetsync.run;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.store.SyncStore;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One run of one stream: what it has saved, and how far the cursor is. A run takes turns. In each turn, one branch saves
 * the page in hand while another fetches the page after it; both have a copy of the run's exchange. A {@link Reading}
 * decides what is asked for, a {@link PageCommit} what is written.
 *
 * <p>A run counts a page's effects only after the page's transaction has committed.
 */
public final class Run {

    /** The exchange property that holds the run. */
    public static final String PROPERTY = "keysetSyncRun";

    private final RunPlan plan;
    private final SyncStore store;
    private final Reading reading;
    private final PageCommit commit;
    private final Inspection inspection;
    private final String id = UUID.randomUUID().toString();
    private final Instant startedAt = Instant.now();
    private final long startedNanos = System.nanoTime();
    private final StopSignal stop;
    private @Nullable String cursorFrom;

    private final SchemaChanges schemaChanges = new SchemaChanges();
    private volatile Saved saved;
    private volatile @Nullable PreparedTable table;
    private volatile Thread writer = Thread.currentThread();
    private volatile CompletableFuture<Void> saving = CompletableFuture.completedFuture(null);
    private @Nullable PageInFlight page;
    private @Nullable PageInFlight arrived;
    private boolean mayFetch = true;
    private volatile @Nullable Error error;
    private volatile boolean ended;

    /**
     * The state as of the last page that has committed.
     *
     * @param mark the stream's stored mark
     * @param total the counts of all pages so far
     */
    private record Saved(Mark mark, Progress progress, Counts total) {}

    /**
     * Makes a run that begins at the stream's stored mark.
     *
     * @param paging chooses the requests, unless the inspection replaces them
     */
    public Run(RunPlan plan, SyncStore store, Mark mark, Paging paging, PageCommit commit, Inspection inspection) {
        this.plan = plan;
        this.store = store;
        this.reading = new Reading(plan, mark, inspection.paging(paging), inspection.isDryRun());
        this.commit = commit;
        this.inspection = inspection;
        this.stop = new StopSignal(plan.stream());
        this.cursorFrom = mark.cursor();
        this.saved = new Saved(mark, reading.progress(), Counts.NONE);
    }

    /** The run that an exchange belongs to; null if the exchange belongs to none. */
    public static @Nullable Run of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, Run.class);
    }

    /** Opens the run's row. */
    public void open() {
        commit.begin(this);
    }

    /** Chooses the first request. */
    public void start() {
        Retention.check(this);
        reading.beginAt(mark());
    }

    /** Begins at another mark than the run was opened with, before the first request. */
    public void beginAt(Mark other) {
        boolean isElsewhere = !Objects.equals(other.cursor(), mark().cursor());
        if (isElsewhere) {
            cursorFrom = other.cursor();
            store.runs().beginsAt(id, cursorFrom);
            reading.beginAt(other);
        }
        saved = new Saved(other, reading.progress(), Counts.NONE);
    }

    public String id() {
        return id;
    }

    public String stream() {
        return plan.stream();
    }

    public RunPlan plan() {
        return plan;
    }

    public SyncStore store() {
        return store;
    }

    public StopSignal stop() {
        return stop;
    }

    public Inspection inspection() {
        return inspection;
    }

    /** What the run asks for. */
    public Reading reading() {
        return reading;
    }

    /** Whether nothing may be written or changed in this run. */
    public boolean isDryRun() {
        return inspection.isDryRun();
    }

    PageCommit commit() {
        return commit;
    }

    /** The stream's stored mark. */
    public Mark mark() {
        return saved.mark();
    }

    /** The counts of all pages that have committed so far. */
    public Counts total() {
        return saved.total();
    }

    /** The progress as of the last page that was saved. */
    public Progress progress() {
        return saved.progress();
    }

    /** The stream's table as this run knows it; null until the table is prepared, or if the stream has another sink. */
    public @Nullable PreparedTable table() {
        return table;
    }

    void prepared(PreparedTable ready) {
        table = ready;
    }

    /** Whether there is a page to save or to fetch; the YAML's loop over turns asks. */
    public boolean hasNext() {
        return page != null || reading.goesOn();
    }

    /** Whether a page has arrived and is to be saved; the YAML's branch that saves asks. */
    public boolean hasPage() {
        return page != null;
    }

    /** Whether the next page is still missing; the YAML's loop over attempts asks. */
    public boolean awaitsPage() {
        return reading.asks();
    }

    /**
     * Decides what to ask for next, while the page in hand is saved. An inspection may decide by what has become of that
     * page, and so fetches nothing meanwhile.
     */
    public void planNext() {
        if (mayFetch) {
            reading.plan();
        }
    }

    /** Takes the answer to the current request. */
    public void received(Page answer) {
        arrived = new PageInFlight(this, answer, reading.received(answer));
    }

    /** Takes a page that is not the answer to a request, and so leaves the run's progress unchanged. */
    public PageInFlight resumed(Page other) {
        PageInFlight taken = new PageInFlight(this, other, progress());
        page = taken;
        return taken;
    }

    /** Begins to save the page in hand, in the current thread. */
    public PageInFlight saves() {
        writer = Thread.currentThread();
        saving = new CompletableFuture<>();
        return Objects.requireNonNull(page);
    }

    /** Notes that nothing more is written for the page in hand, whether it was saved or not. */
    public void savingEnded() {
        saving.complete(null);
    }

    /** Takes an error that has ended the work of a branch; nothing of the run commits from here on. */
    public void broken(Error cause) {
        error = cause;
    }

    /** Throws an exception if nothing of the run may commit any more. */
    void checkUnderWay() {
        if (ended || error != null) {
            throw new TerminalException("stream " + stream() + ": the run has ended; nothing of this page is saved");
        }
    }

    /** The error that has ended a branch; null if none has. */
    public @Nullable Error error() {
        return error;
    }

    /**
     * Waits until no branch of the run writes. A context that is forced to stop lets go of the run's exchange before the
     * exchange's branches have ended.
     */
    public void awaitSaved(Duration most) {
        saving.copy()
                .completeOnTimeout(null, most.toMillis(), TimeUnit.MILLISECONDS)
                .join();
    }

    /** The thread that reads or changes the stream's table for this run. */
    public Thread writer() {
        return writer;
    }

    /** Ends a turn: the page that was fetched is now the page in hand. */
    public void turn() {
        page = arrived;
        arrived = null;
        mayFetch = page == null || !isDryRun();
    }

    /** The changes of the table in this run. */
    public SchemaChanges schemaChanges() {
        return schemaChanges;
    }

    /** Adds the effects of the page in hand to the run, after the stream's steps have ended without an exception. */
    public Counts pageSaved() {
        PageInFlight.Settled settled = Objects.requireNonNull(page).settle();
        saved = new Saved(settled.mark(), settled.progress(), total().plus(settled.counts()));
        page = null;
        return settled.counts();
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Ends the run, which then asks for nothing more, and closes its row. */
    public void end(RunStatus status, @Nullable String error) {
        ended = true;
        page = null;
        reading.end();
        inspection.ended(status, error);
        commit.end(this, status, error);
    }

    /** The state of the run, for listeners. */
    public RunEvent.State state(RunStatus status, @Nullable String error) {
        Saved now = saved;
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedNanos);
        Double fraction = now.progress().fraction(Instant.now());
        return new RunEvent.State(
                stream(),
                id,
                status,
                now.total(),
                cursorFrom,
                now.mark().cursor(),
                elapsed,
                fraction,
                error,
                startedAt,
                commit.isRetry());
    }
}
