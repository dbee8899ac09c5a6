package io.keysetsync.run;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageRequest;
import io.keysetsync.paging.Paging;
import io.keysetsync.store.JdbcCursorRepository;
import io.keysetsync.store.SyncStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * One run of one stream: what to ask next, and how far the cursor is. It lives in the exchange of the run and belongs to
 * its thread. A {@link Paging} decides what is asked for, a {@link PageCommit} what is written.
 *
 * <p>A page's effects become the run's own only after the page's transaction has committed.
 */
public final class Run {

    /** The exchange property that holds the run. */
    public static final String PROPERTY = "keysetSyncRun";

    private final RunPlan plan;
    private final SyncStore store;
    private final Paging paging;
    private final PageCommit commit;
    private final Inspection inspection;
    private final String id = UUID.randomUUID().toString();
    private final long startedAt = System.nanoTime();
    private final StopSignal stop;
    private final @Nullable String cursorFrom;

    private Mark mark;
    private Progress progress;
    private Counts total = Counts.NONE;
    private final List<String> schemaChanges = new ArrayList<>();
    private volatile @Nullable PreparedTable table;
    private @Nullable PageRequest request;
    private @Nullable PageInFlight page;
    private @Nullable Restart lastRestart;
    private int failedAttempts;
    private boolean ended;

    /** Where the cursor was when a refused token made the run start over. */
    private record Restart(@Nullable Position mark) {}

    /**
     * Makes a run that begins at the stream's stored mark.
     *
     * @param paging what a run asks for, unless the inspection chooses otherwise
     */
    public Run(RunPlan plan, SyncStore store, Mark mark, Paging paging, PageCommit commit, Inspection inspection) {
        this.plan = plan;
        this.store = store;
        this.mark = mark;
        this.paging = inspection.paging(paging);
        this.commit = commit;
        this.inspection = inspection;
        this.stop = new StopSignal(plan.stream());
        this.cursorFrom = mark.cursor();
        this.progress = Progress.from(JdbcCursorRepository.positionOf(plan.stream(), mark), null);
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
        restart();
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

    /** Whether nothing may be written or changed in this run. */
    public boolean isDryRun() {
        return inspection.isDryRun();
    }

    PageCommit commit() {
        return commit;
    }

    /** The stream's mark as it is stored. */
    public Mark mark() {
        return mark;
    }

    /** What the pages have done that have committed so far. */
    public Counts total() {
        return total;
    }

    /** The stream's table as this run knows it; null until it is prepared, or with another sink. */
    public @Nullable PreparedTable table() {
        return table;
    }

    void prepared(PreparedTable ready) {
        table = ready;
    }

    /** Whether there is something to ask the API for; the YAML's loop over pages asks. */
    public boolean hasNext() {
        return request != null;
    }

    /** Whether the answer to the current request is still missing; the YAML's loop over attempts asks. */
    public boolean awaitsPage() {
        return request != null && page == null;
    }

    /** What to ask the API for. */
    public PageRequest request() {
        return Objects.requireNonNull(request, "there is nothing to ask for");
    }

    /** Takes the answer to the current request. */
    public PageInFlight received(Page answer) {
        failedAttempts = 0;
        return inFlight(answer, progress.after(answer.positions(), answer.token() != null));
    }

    /** Takes a page that no request brought, and which leaves the run's progress as it is. */
    public PageInFlight resumed(Page other) {
        return inFlight(other, progress);
    }

    private PageInFlight inFlight(Page arrived, Progress after) {
        PageInFlight flying = new PageInFlight(this, arrived, after);
        page = flying;
        return flying;
    }

    /** Notes changes of the table, each of which is a line, in the run's row; part of the transaction that makes them. */
    public synchronized void schemaChanges(List<String> changes) {
        List<String> all = new ArrayList<>(schemaChanges);
        all.addAll(changes);
        commit.schemaChanged(this, all);
    }

    /** Tells that the {@linkplain #schemaChanges noted} changes are committed. */
    public synchronized void schemaChanged(List<String> changes) {
        schemaChanges.addAll(changes);
    }

    /** Takes the effects of the page in flight for the run's own, after the stream's steps have ended well. */
    public Counts pageSaved() {
        PageInFlight.Settled settled = Objects.requireNonNull(page).settle();
        mark = settled.mark();
        progress = settled.progress();
        total = total.plus(settled.counts());
        return settled.counts();
    }

    /** Decides what to ask for after the page that was saved. */
    public void planNext() {
        Page saved = Objects.requireNonNull(page).page();
        page = null;
        request = null; // an error of planning must not leave the loop with the request before
        follow(paging.after(saved, progress));
    }

    /** Goes on as an inspection, or the run's paging, has decided. */
    public void follow(Next next) {
        if (next instanceof Next.Ask ask) {
            progress = ask.progress();
            request = ask.request();
        } else if (next instanceof Next.Rescan) {
            restart();
        } else {
            request = null;
        }
    }

    /** The progress as of the last page that was saved. */
    public Progress progress() {
        return progress;
    }

    /** Starts over from the stored cursor, or a lookback earlier. */
    private void restart() {
        Position from = progress.mark();
        String cursor = from == null ? plan.initialCursor() : from.minus(plan.lookback());
        progress = progress.restarted(from == null ? null : Position.parse(cursor));
        request = paging.first(cursor);
    }

    /**
     * Starts over because the API refused the scroll token (rule 8).
     *
     * @return false if it did so before and the cursor has not moved since, or if no token was sent
     */
    public boolean restartAfterRefusal() {
        boolean futile = lastRestart != null && !Position.isAfter(progress.mark(), lastRestart.mark());
        if (request == null || !request.continuesScroll() || futile) {
            return false;
        }
        lastRestart = new Restart(progress.mark());
        failedAttempts = 0;
        restart();
        return true;
    }

    /** Counts a failed try of the current request; gives how many there are. */
    public int attemptFailed() {
        return ++failedAttempts;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Ends the run, which asks for nothing more, and closes its row. */
    void end(RunStatus status, @Nullable String error) {
        ended = true;
        request = null;
        inspection.ended(status, error);
        commit.end(this, status, error);
    }

    /** How the run stands, as listeners see it. */
    public RunEvent.State state(RunStatus status, @Nullable String error) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedAt);
        Double fraction = progress.fraction(Instant.now());
        return new RunEvent.State(stream(), id, status, total, cursorFrom, mark.cursor(), elapsed, fraction, error);
    }
}
