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
import java.util.Objects;
import java.util.UUID;
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
    private final PageCommit commit;
    private final Inspection inspection;
    private final RunTotals totals;
    private final String lane;
    private final StopSignal stop;

    private volatile Reading reading;
    private volatile Progress progress;
    private volatile @Nullable PreparedTable table;
    private final Saving saving = new Saving();
    private @Nullable PageInFlight page;
    private @Nullable PageInFlight arrived;
    private boolean mayFetch = true;
    private volatile @Nullable Error error;
    private volatile boolean ended;

    /**
     * Makes a run that begins at the stream's stored mark.
     *
     * @param paging chooses the requests, unless the inspection replaces them
     */
    public Run(RunPlan plan, SyncStore store, Mark mark, Paging paging, PageCommit commit, Inspection inspection) {
        this(plan, store, commit, inspection, new RunTotals(UUID.randomUUID().toString(), mark), "");
        read(new Reading(plan, mark, inspection.paging(paging), inspection.isDryRun()));
    }

    private Run(
            RunPlan plan, SyncStore store, PageCommit commit, Inspection inspection, RunTotals totals, String lane) {
        this.plan = plan;
        this.store = store;
        this.commit = commit;
        this.inspection = inspection;
        this.totals = totals;
        this.lane = totals.id() + lane;
        this.stop = new StopSignal(plan.stream());
    }

    /** Stands for a run that another process has begun; only further lanes of it take turns here. */
    public static Run joining(String id, RunPlan plan, SyncStore store, Mark mark, PageCommit commit) {
        return new Run(plan, store, commit, Inspection.NONE, new RunTotals(id, mark), "");
    }

    /** Makes a further lane of this run, with a name, which takes turns for a window at the same time. */
    public Run lane(String name, PageCommit other, Reading window) {
        Run further = new Run(plan, store, other, inspection, totals, name);
        further.read(window);
        further.table = table;
        return further;
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
            store.runs().beginsAt(id(), other.cursor());
            reading.beginAt(other);
        }
        totals.beginAt(other);
        progress = reading.progress();
    }

    /** Reads this next, such as a window. */
    public void read(Reading next) {
        reading = next;
        progress = next.progress();
    }

    public String id() {
        return totals.id();
    }

    /** The name of this lane of the run; the run's id if the run has no other lane. */
    public String lane() {
        return lane;
    }

    /** Whether this is a further lane of a run. */
    public boolean isFurtherLane() {
        return !lane.equals(id());
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

    /** Writes what the run records about itself. */
    public PageCommit commit() {
        return commit;
    }

    /** The stream's stored mark. */
    public Mark mark() {
        return totals.mark();
    }

    /** The counts of all pages that have committed so far. */
    public Counts total() {
        return totals.counts();
    }

    /** The progress as of the last page that was saved. */
    public Progress progress() {
        return progress;
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
        return page != null || reading.continues();
    }

    /** Whether a page has arrived and is to be saved; the YAML's branch that saves asks. */
    public boolean hasPage() {
        return page != null;
    }

    /** Whether the next page is still missing; the YAML's loop over attempts asks. */
    public boolean awaitsPage() {
        return reading.asks();
    }

    /** Decides what to ask for next, while the page in hand is saved; an inspection first looks what became of that page. */
    public void planNext() {
        if (mayFetch) {
            reading.plan();
        }
    }

    /** Takes the answer to the current request. */
    public void received(Page answer) {
        Progress after = reading.received(answer);
        arrived = new PageInFlight(this, answer, after, reading.isRead());
    }

    /** Takes a page that is not the answer to a request, and so leaves the run's progress unchanged. */
    public PageInFlight resumed(Page other) {
        PageInFlight taken = new PageInFlight(this, other, progress(), false);
        page = taken;
        return taken;
    }

    /** Begins to save the page in hand, in the current thread. */
    public PageInFlight saves() {
        saving.begin();
        return Objects.requireNonNull(page);
    }

    /** Notes that nothing more is written for the page in hand, whether it was saved or not. */
    public void savingEnded() {
        saving.end();
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

    /** Waits until no branch writes; a forced stop of the context lets go of the run's exchange before that. */
    public void awaitSaved(Duration most) {
        saving.await(most);
    }

    /** The thread that reads or changes the stream's table for this run. */
    public Thread writer() {
        return saving.writer();
    }

    /** Ends a turn: the page that was fetched is now the page in hand. */
    public void turn() {
        page = arrived;
        arrived = null;
        mayFetch = page == null || !isDryRun();
    }

    /** The changes of the table in this run. */
    public SchemaChanges schemaChanges() {
        return totals.schemaChanges();
    }

    /** Adds the effects of the page in hand to the run, after the stream's steps have ended without an exception. */
    public Counts pageSaved() {
        PageInFlight.Settled settled = Objects.requireNonNull(page).settle();
        progress = settled.progress();
        totals.add(settled.mark(), settled.counts());
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
        return totals.state(this, status, error);
    }
}
