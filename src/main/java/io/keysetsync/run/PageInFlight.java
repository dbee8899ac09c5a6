package io.keysetsync.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.keysetsync.Counts;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Mark;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Progress;
import io.keysetsync.paging.Page;
import io.keysetsync.record.DerivedRecord;
import io.keysetsync.record.Quarantined;
import io.keysetsync.run.PageCommit.PageResult;
import io.keysetsync.store.Quarantine;
import io.keysetsync.store.Quarantine.Entry;
import io.keysetsync.store.Quarantine.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.apache.camel.Exchange;
import org.apache.camel.ExchangePropertyKey;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A page from its arrival to its commit; the only thing that source and sink share. A page's effects count only once
 * their transaction has committed. Parts of one page may commit from several threads.
 */
public final class PageInFlight {

    private static final String PROPERTY = "keysetSyncPage";

    /**
     * The properties in which Camel numbers the parts of a message. The exchange's id does not tell the parts apart
     * from the whole: each Kamelet works on a copy of the exchange with another id.
     */
    private static final List<ExchangePropertyKey> PARTS =
            List.of(ExchangePropertyKey.SPLIT_INDEX, ExchangePropertyKey.MULTICAST_INDEX);

    private final Run run;
    private final Page page;
    private final Progress progress;
    private final boolean endsScroll;
    private final List<Quarantined> setAside = new ArrayList<>();
    private final List<Quarantined> setAsideBySteps = new ArrayList<>();
    private Counts saved = Counts.NONE;
    private boolean isTakenWhole;
    private @Nullable Mark committed;

    /**
     * A page that has arrived.
     *
     * @param progress of the run once this page has committed
     * @param endsScroll whether the page is the last of what is read: of the run, or of a window
     */
    PageInFlight(Run run, Page page, Progress progress, boolean endsScroll) {
        this.run = run;
        this.page = page;
        this.progress = progress;
        this.endsScroll = endsScroll;
    }

    /** The page that an exchange carries, in whole or in part; null if the exchange belongs to no run. */
    public static @Nullable PageInFlight of(Exchange exchange) {
        return exchange.getProperty(PROPERTY, PageInFlight.class);
    }

    /** Hands this page, as a whole, to the steps of an exchange. */
    public void handTo(Exchange exchange) {
        PARTS.forEach(exchange::removeProperty);
        exchange.setProperty(PROPERTY, this);
    }

    /** Takes the page off an exchange, which would keep it in the heap while the next one is saved. */
    public static void leave(Exchange exchange) {
        exchange.removeProperty(PROPERTY);
        exchange.getMessage().setBody(null);
    }

    public Run run() {
        return run;
    }

    public Page page() {
        return page;
    }

    /** The records that go to the stream's steps. */
    public ArrayNode records() {
        return run.inspection().records(page);
    }

    /** Whether nothing may be written. */
    public boolean isDryRun() {
        return run.isDryRun();
    }

    /**
     * Notes that a sink is about to save what an exchange carries.
     *
     * @return whether the exchange carries the whole page, and not a part that a step of the stream split off; if so,
     *     only this sink may commit the page's cursor
     */
    public synchronized boolean take(Exchange exchange) {
        boolean isWhole = PARTS.stream().allMatch(part -> exchange.getProperty(part) == null);
        isTakenWhole |= isWhole;
        return isWhole;
    }

    /**
     * Sets aside records that a step of the stream failed on; they go into the quarantine in the transaction that moves the
     * cursor past this page. A record that is set aside already, because the step runs again, is kept once.
     *
     * @param unfit with the origins of the records
     */
    public synchronized void setAside(List<Quarantined> unfit) {
        for (Quarantined each : unfit) {
            if (setAsideBySteps.stream().noneMatch(other -> isSame(other.record(), each.record()))) {
                setAsideBySteps.add(each);
                run.inspection().setAside(each);
            }
        }
    }

    /** Compares by reference: two records of a page may be equal. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(JsonNode a, JsonNode b) {
        return a == b;
    }

    /**
     * Commits what a sink has done, in the transaction in which the sink did it. A whole page also moves the cursor in
     * this transaction. If the page comes in parts, {@code checkpoint} moves the cursor after all parts have been
     * saved.
     *
     * @throws io.keysetsync.FencedException if another run of the stream moved the cursor meanwhile
     * @throws TerminalException if the run has quarantined too many records
     */
    public synchronized void commit(RowCounts rows, List<Quarantined> unfit, boolean isWholePage) {
        run.checkUnderWay();
        Counts counts = new Counts(0, 0, rows.upserted(), rows.unchanged(), rows.deleted(), 0);
        if (isWholePage) {
            Mark mark = write(counts, unfit);
            onCommit(() -> {
                committed = mark;
                add(counts, unfit);
            });
        } else {
            List<Quarantined> all = new ArrayList<>(setAside);
            all.addAll(unfit);
            checkQuarantined(all);
            onCommit(() -> add(counts, unfit));
        }
    }

    private synchronized void add(Counts counts, List<Quarantined> unfit) {
        saved = saved.plus(counts);
        setAside.addAll(unfit);
    }

    /**
     * Applies effects only after the commit: after a rollback, an error handler of the stream may let the sink try
     * again.
     */
    private void onCommit(Runnable effects) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            effects.run();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                synchronized (PageInFlight.this) {
                    effects.run();
                }
            }
        });
    }

    /**
     * Ends this page, after the stream's steps have ended without an exception. If no sink has committed the page's
     * cursor with the rows, the cursor moves here, in a separate transaction.
     */
    synchronized Settled settle() {
        run.checkUnderWay();
        if (committed == null) {
            if (isTakenWhole) {
                throw new TerminalException("stream " + run.stream() + ": the page was rolled back, but a step of the"
                        + " stream handled the error as if the page were saved; the cursor stays before this page");
            }
            run.store().inTransaction(() -> {
                Mark mark = write(saved, setAside);
                onCommit(() -> committed = mark);
            });
        }
        return new Settled(Objects.requireNonNull(committed), progress, counts(saved, setAside));
    }

    /** The results of a page that has committed. */
    record Settled(Mark mark, Progress progress, Counts counts) {}

    /** Advances the cursor as far as the page allows; part of the transaction that saves the page. */
    private Mark write(Counts rows, List<Quarantined> unfit) {
        checkQuarantined(unfit);
        Position to = progress.mark();
        Quarantine quarantine = run.store().quarantine();
        List<Quarantined> asRead = new ArrayList<>(beforeSink());
        List<Quarantined> asLeft = new ArrayList<>();
        for (Quarantined each : unfit) {
            if (each.record() instanceof DerivedRecord derived) {
                asRead.add(new Quarantined(DerivedRecord.originOf(derived), each.reason()));
            } else {
                asLeft.add(each);
            }
        }
        List<Entry> entries = new ArrayList<>(quarantine.entries(run.stream(), run.id(), Origin.SOURCE, asRead));
        entries.addAll(quarantine.entries(run.stream(), run.id(), Origin.SINK, asLeft));
        String cursor = to == null ? null : to.text();
        return run.commit().commit(run, new PageResult(cursor, counts(rows, unfit), entries, endsScroll));
    }

    /** The records that the source and the steps of the stream have set aside. */
    private List<Quarantined> beforeSink() {
        List<Quarantined> all = new ArrayList<>(page.quarantined());
        all.addAll(setAsideBySteps);
        return all;
    }

    private Counts counts(Counts rows, List<Quarantined> unfit) {
        int quarantined = beforeSink().size() + unfit.size();
        return rows.plus(new Counts(1, page.recordCount(), 0, 0, 0, quarantined));
    }

    private void checkQuarantined(List<Quarantined> unfit) {
        List<Quarantined> earlier = beforeSink();
        long quarantined = run.total().quarantined() + earlier.size() + unfit.size();
        if (quarantined > run.commit().maxQuarantined()) {
            List<Quarantined> last = unfit.isEmpty() ? earlier : unfit;
            throw run.commit()
                    .quarantinesTooMany(
                            run, quarantined, last.get(last.size() - 1).reason());
        }
    }
}
