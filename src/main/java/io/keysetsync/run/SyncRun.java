package io.keysetsync.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.Counts;
import io.keysetsync.RunEvent;
import io.keysetsync.RunStatus;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageRequest;
import io.keysetsync.paging.TokenTrail;
import io.keysetsync.record.Quarantined;
import io.keysetsync.source.SourceParameters;
import io.keysetsync.source.SourceParameters.Paging;
import io.keysetsync.store.JdbcCursorRepository;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.Quarantine.Origin;
import io.keysetsync.store.SyncStore;
import io.keysetsync.table.Column;
import io.keysetsync.table.Row;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;

/**
 * One run of one stream: what to ask next, the page in hand, and how far the cursor is. It lives in the exchange of the
 * run and belongs to its thread.
 *
 * <p>A page's effects become the run's own only after the page's transaction has committed.
 */
public class SyncRun {

    /** The exchange property that holds the run. */
    public static final String PROPERTY = "keysetSyncRun";

    /**
     * What Camel numbers the parts of a message by. The exchange's id would not tell: each Kamelet works on a copy with
     * an id of its own.
     */
    private static final List<ExchangePropertyKey> PARTS =
            List.of(ExchangePropertyKey.SPLIT_INDEX, ExchangePropertyKey.MULTICAST_INDEX);

    private final SourceParameters settings;
    private final SyncStore store;
    private final int maxQuarantined;
    private final String id = UUID.randomUUID().toString();
    private final long startedAt = System.nanoTime();
    private final @Nullable String cursorFrom;

    private Mark mark;
    private Progress progress;
    private TokenTrail tokens = new TokenTrail();
    private @Nullable Restart lastRestart;
    private int emptyPages;
    private int failedAttempts;
    private boolean ended;
    private final List<String> schemaChanges = new ArrayList<>();
    private Counts total = Counts.NONE;
    private @Nullable PageRequest request;
    private @Nullable PageInHand page;

    /** Where the cursor was when a refused token made the run start over. */
    private record Restart(@Nullable Position mark) {}

    /** A page from its arrival to its commit. */
    private static final class PageInHand {

        final Page page;
        final Progress progress;
        final List<Quarantined> setAside = new ArrayList<>();
        Counts saved = Counts.NONE;
        boolean isWhole;
        boolean hasSink;

        @Nullable
        Mark committed;

        PageInHand(Page page, Progress progress) {
            this.page = page;
            this.progress = progress;
        }

        void add(long upserted, long unchanged, long deleted, List<Quarantined> more) {
            saved = saved.plus(new Counts(0, 0, upserted, unchanged, deleted, 0));
            setAside.addAll(more);
        }

        /** Forgets an attempt that was rolled back; the stream's error handler may have the sink try again. */
        void reset() {
            saved = Counts.NONE;
            setAside.clear();
        }

        Counts counts() {
            int records = page.received();
            return saved.plus(new Counts(1, records, 0, 0, 0, quarantined()));
        }

        int quarantined() {
            return page.quarantined().size() + setAside.size();
        }

        String lastReason() {
            List<Quarantined> last = setAside.isEmpty() ? page.quarantined() : setAside;
            return last.get(last.size() - 1).reason();
        }
    }

    /** A run that begins at the stream's stored mark. */
    public SyncRun(SourceParameters settings, SyncStore store, int maxQuarantined, Mark mark) {
        this.settings = settings;
        this.store = store;
        this.maxQuarantined = maxQuarantined;
        this.mark = mark;
        this.cursorFrom = mark.cursor();
        Position begin = JdbcCursorRepository.positionOf(settings.stream(), mark);
        this.progress = Progress.from(begin, null);
        restart();
    }

    /** Opens the run's row. */
    public void open() {
        store.runs().begin(id, stream(), cursorFrom);
    }

    /** The run that an exchange belongs to; null where it isn't part of one. */
    public static @Nullable SyncRun of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, SyncRun.class);
    }

    public String stream() {
        return settings.stream();
    }

    /** Dotted path of the records' cursor. */
    public String cursorField() {
        return settings.cursorField().dotted();
    }

    public final String id() {
        return id;
    }

    /** The stream's mark as it is stored. */
    public final Mark mark() {
        return mark;
    }

    public final Counts total() {
        return total;
    }

    public SyncStore store() {
        return store;
    }

    /** Whether there is something to ask the API for. */
    public boolean hasNext() {
        return request != null;
    }

    /** Whether the answer to the current request is still missing. */
    public boolean awaitsPage() {
        return request != null && page == null;
    }

    public String query() {
        return request == null ? "" : request.query(settings);
    }

    /** The answer to the current request has come, whatever it says. */
    public void answered(JsonNode body) {}

    /** Takes the answer to the current request, and gives what goes to the stream's steps. */
    public ArrayNode received(Page answer) {
        failedAttempts = 0;
        page = new PageInHand(answer, progress.after(answer.positions(), answer.token() != null));
        return answer.records();
    }

    /** Takes a page that no request brought, and which leaves the run's progress as it is. */
    public final void takeUp(Page other) {
        page = new PageInHand(other, progress);
    }

    /** The page that was saved is in hand no more. */
    public final void putDown() {
        page = null;
    }

    /**
     * Takes what a sink has done with the records that it {@linkplain #saving took}, in the transaction in which it did
     * so. Where those are the whole page, the cursor moves in this transaction too; the parts that a step of the stream's
     * own makes of a page must all end well before.
     *
     * @throws io.keysetsync.FencedException if another run of the stream moved the cursor meanwhile
     * @throws TerminalException if the run has quarantined too many records
     */
    public void saved(long upserted, long unchanged, long deleted, List<Quarantined> setAside) {
        PageInHand current = inHand();
        if (!current.isWhole) {
            current.add(upserted, unchanged, deleted, setAside);
            checkQuarantined(current);
            return;
        }
        current.reset();
        current.add(upserted, unchanged, deleted, setAside);
        commitPage();
    }

    /** A sink is about to save {@code exchange}; if that is the whole page, nothing else may commit its cursor. */
    public void saving(Exchange exchange) {
        PageInHand current = inHand();
        current.isWhole = PARTS.stream().allMatch(part -> exchange.getProperty(part) == null);
        current.hasSink |= current.isWhole;
    }

    /** Whether nothing may be written or changed in this run. */
    public boolean looksOnly() {
        return false;
    }

    /**
     * A sink has made rows of records, and is about to save them.
     *
     * @return false if they are only to be looked at
     */
    public boolean saves(List<Column> columns, List<Row> rows, List<Quarantined> setAside) {
        return true;
    }

    /** A sink is about to commit changes to its table, each of which is a line; they stand in the run's row. */
    public void schemaChanges(List<String> changes) {
        List<String> all = new ArrayList<>(schemaChanges);
        all.addAll(changes);
        store.runs().schemaChanged(id, String.join("\n", all));
    }

    /** They are committed. */
    public void schemaChanged(List<String> changes) {
        schemaChanges.addAll(changes);
    }

    /** The exchange is handed to the stream's steps with a whole page, whatever was made of the last one. */
    public static void makeWhole(Exchange exchange) {
        PARTS.forEach(exchange::removeProperty);
    }

    /**
     * Advances the cursor as far as the page allows, and writes the page's quarantined records and the run's counts:
     * part of the transaction that saves the page.
     */
    private void commitPage() {
        PageInHand current = inHand();
        checkQuarantined(current);
        Position to = current.progress.mark();
        String cursor = to == null ? null : to.text();
        List<Entry> entries =
                new ArrayList<>(store.quarantine().entries(stream(), id, Origin.SOURCE, current.page.quarantined()));
        entries.addAll(store.quarantine().entries(stream(), id, Origin.SINK, current.setAside));
        current.committed = commit(cursor, current.counts(), entries);
    }

    /** Writes what belongs to a page's rows; gives the stream's mark as it is then. */
    public Mark commit(@Nullable String cursor, Counts counts, List<Entry> setAside) {
        List<Entry> unknown = store.quarantine().unknown(setAside);
        boolean writes = counts.upserted() > 0 || counts.deleted() > 0 || !unknown.isEmpty();
        Mark moved = mark;
        if (writes || !Objects.equals(cursor, mark.cursor())) {
            moved = store.cursors().move(stream(), mark, cursor);
        } else {
            store.cursors().confirmUnmoved(stream(), mark);
        }
        store.quarantine().add(unknown);
        store.runs().page(id, total.plus(counts), cursor);
        return moved;
    }

    private void checkQuarantined(PageInHand current) {
        long quarantined = total.quarantined() + current.quarantined();
        if (quarantined > maxQuarantined) {
            throw new TerminalException("stream " + stream() + ": this run would quarantine " + quarantined
                    + " records or more, and maxQuarantined is " + maxQuarantined + "; the last one for this reason: "
                    + current.lastReason()
                    + "; correct the schema or the data, or raise maxQuarantined");
        }
    }

    /**
     * Takes the page's effects for the run's own, after the stream's steps have ended well. Where no sink has committed
     * the page's cursor with its rows, it is done here, in a transaction of its own.
     */
    public Counts pageSaved() {
        PageInHand current = inHand();
        if (current.committed == null) {
            if (current.hasSink) {
                throw new TerminalException("stream " + stream() + ": the page was rolled back, but a step of the"
                        + " stream's own handled the error as if it were saved; the cursor stays before this page");
            }
            store.inTransaction(this::commitPage);
        }
        mark = Objects.requireNonNull(current.committed);
        progress = current.progress;
        Counts counts = current.counts();
        total = total.plus(counts);
        return counts;
    }

    /** Decides what to ask for after the page that was saved. */
    public void planNext() {
        Page saved = inHand().page;
        page = null;
        request = null;
        request = next(saved);
    }

    /** What to ask for after a page. */
    @Nullable
    public PageRequest next(Page saved) {
        String token = saved.token();
        if (token == null) {
            return progress.mustRescan() ? restart() : null;
        }
        countEmptyPages(saved);
        if (settings.paging() == Paging.REANCHOR && progress.canReanchor()) {
            progress = progress.reanchored();
            tokens = new TokenTrail(); // those of another cursor's pages; an API may number pages from 1 again
            Position anchor = progress.scroll().start();
            return new PageRequest.Since(anchor == null ? null : anchor.text());
        }
        if (tokens.repeats(token)) {
            throw new TerminalException("stream " + stream() + ": the API gave a scroll token for the second time in"
                    + " this run, so its pages go round in a circle; report it to the API's owner, or try"
                    + " paging=reanchor");
        }
        return new PageRequest.Continue(token);
    }

    private void countEmptyPages(Page saved) {
        emptyPages = saved.received() == 0 ? emptyPages + 1 : 0;
        if (emptyPages >= settings.maxEmptyPages()) {
            throw new TerminalException("stream " + stream() + ": " + emptyPages + " empty pages in a row, each with a"
                    + " scroll token; raise maxEmptyPages if this API really has such gaps");
        }
    }

    /** Starts over from the stored cursor, or a lookback earlier. */
    private PageRequest restart() {
        Position from = progress.mark();
        String cursor = from == null ? settings.initialCursor() : from.minus(settings.lookback());
        progress = progress.restarted(from == null ? null : Position.parse(cursor));
        tokens = new TokenTrail();
        request = new PageRequest.Since(cursor);
        return request;
    }

    /**
     * Starts over because the API refused the scroll token (rule 8).
     *
     * @return false if it did so before and the cursor has not moved since, or if no token was sent
     */
    public boolean restartAfterRefusal() {
        boolean futile = lastRestart != null && !Position.isAfter(progress.mark(), lastRestart.mark());
        if (!(request instanceof PageRequest.Continue) || futile) {
            return false;
        }
        lastRestart = new Restart(progress.mark());
        failedAttempts = 0;
        restart();
        return true;
    }

    /** Counts a failed try of the current request; gives how many there are by now. */
    public int attemptFailed() {
        return ++failedAttempts;
    }

    public boolean hasEnded() {
        return ended;
    }

    /** The run is over, and asks for nothing more. */
    public void end(RunStatus status, @Nullable String error) {
        ended = true;
        request = null;
        close(status, error);
    }

    /** Closes the run's row. */
    public void close(RunStatus status, @Nullable String error) {
        store.runs().end(id, status, error);
    }

    /** What a run asks for first. */
    public final PageRequest planned() {
        return Objects.requireNonNull(request);
    }

    /** What is asked for next, whatever was to be. */
    public final void askFor(@Nullable PageRequest other) {
        request = other;
    }

    public RunEvent.State state(RunStatus status, @Nullable String error) {
        return new RunEvent.State(stream(), id, status, total, cursorFrom, mark.cursor(), elapsed(), error);
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - startedAt);
    }

    private PageInHand inHand() {
        if (page == null) {
            throw new IllegalStateException("stream " + stream() + ": no page is in hand");
        }
        return page;
    }
}
