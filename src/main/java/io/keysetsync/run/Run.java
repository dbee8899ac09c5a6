package io.keysetsync.run;

import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.cursor.Progress;
import io.keysetsync.cursor.Window;
import io.keysetsync.paging.Next;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.Paging;
import io.keysetsync.request.PageRequest;
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
 * One run of one stream: what to ask next, and how far the cursor is. A run is kept in its exchange and belongs to that
 * exchange's thread. A {@link Paging} decides what is asked for, a {@link PageCommit} what is written.
 *
 * <p>A run counts a page's effects only after the page's transaction has committed.
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
    private @Nullable String cursorFrom;

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
    private @Nullable Window window;

    /** The mark at the time when a refused token made the run start over. */
    private record Restart(@Nullable Position mark) {}

    /**
     * Makes a run that begins at the stream's stored mark.
     *
     * @param paging chooses the requests, unless the inspection replaces them
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
        this.progress = Progress.from(JdbcCursorRepository.positionOf(plan.stream(), mark, plan.format()), null);
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
        restart();
    }

    /** Begins at another mark than the run was opened with, before the first request. */
    public void beginAt(Mark other) {
        boolean isElsewhere = !Objects.equals(other.cursor(), mark.cursor());
        mark = other;
        if (isElsewhere) {
            cursorFrom = other.cursor();
            store.runs().beginsAt(id, cursorFrom);
            progress = Progress.from(JdbcCursorRepository.positionOf(stream(), other, plan.format()), null);
            window = null;
            restart();
        }
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

    /** The stream's stored mark. */
    public Mark mark() {
        return mark;
    }

    /** The counts of all pages that have committed so far. */
    public Counts total() {
        return total;
    }

    /** The stream's table as this run knows it; null until the table is prepared, or if the stream has another sink. */
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
        Position end = window == null ? null : window.markAtEnd(progress, answer.positions());
        return inFlight(answer, progress.after(answer.positions(), !paging.isLast(answer), end));
    }

    /** Takes a page that is not the answer to a request, and so leaves the run's progress unchanged. */
    public PageInFlight resumed(Page other) {
        return inFlight(other, progress);
    }

    private PageInFlight inFlight(Page arrived, Progress after) {
        PageInFlight inFlight = new PageInFlight(this, arrived, after);
        page = inFlight;
        return inFlight;
    }

    /** Notes changes of the table in the run's row, one line each, in the transaction that makes the changes. */
    public synchronized void noteSchemaChanges(List<String> changes) {
        List<String> all = new ArrayList<>(schemaChanges);
        all.addAll(changes);
        commit.schemaChanged(this, all);
    }

    /** Remembers that the {@linkplain #noteSchemaChanges noted} changes are committed. */
    public synchronized void schemaChangesCommitted(List<String> changes) {
        schemaChanges.addAll(changes);
    }

    /** Adds the effects of the page in flight to the run, after the stream's steps have ended without an exception. */
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
        request = null; // an error of planning must not leave the loop with the previous request
        follow(paging.after(saved, progress));
    }

    /** Continues as an inspection, or the run's paging, has decided. */
    public void follow(Next next) {
        if (next instanceof Next.Ask ask) {
            progress = ask.progress();
            request = ask.request();
        } else if (next instanceof Next.Rescan) {
            restart();
        } else if (window != null && !window.isLast() && !isDryRun()) {
            nextWindow(window);
        } else {
            request = null;
        }
    }

    /** The progress as of the last page that was saved. */
    public Progress progress() {
        return progress;
    }

    private void restart() {
        ask(ScrollStart.of(plan, progress, Instant.now()));
    }

    /** Starts a scroll for the window after one that has been read to its end. */
    private void nextWindow(Window last) {
        lastRestart = null;
        window = last.next(Instant.now());
        ask(ScrollStart.after(last, plan, progress, Instant.now()));
    }

    private void ask(ScrollStart start) {
        Instant now = Instant.now();
        if (plan.step() != null && window == null && start.asked() instanceof TimePosition time) {
            window = Window.from(time.instant(), plan.format(), plan.step(), now);
        }
        progress = start.progress();
        request = paging.first(start.cursor(), window == null ? plan.format().sent(now) : window.sentEnd());
    }

    /**
     * Starts over because the API refused the scroll token (rule 8).
     *
     * @return false if no token was sent, or if the run has started over before and its cursor has not moved since
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

    /** Counts a failed attempt at the current request; returns the number of failed attempts. */
    public int attemptFailed() {
        return ++failedAttempts;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** Ends the run, which then asks for nothing more, and closes its row. */
    public void end(RunStatus status, @Nullable String error) {
        ended = true;
        request = null;
        inspection.ended(status, error);
        commit.end(this, status, error);
    }

    /** The state of the run, for listeners. */
    public RunEvent.State state(RunStatus status, @Nullable String error) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - startedAt);
        Double fraction = progress.fraction(Instant.now());
        return new RunEvent.State(stream(), id, status, total, cursorFrom, mark.cursor(), elapsed, fraction, error);
    }
}
