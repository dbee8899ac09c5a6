package io.keysetsync.sink;

import io.keysetsync.record.Quarantined;
import io.keysetsync.table.Row;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;

/**
 * The progress of writing a page: the statements still to come, and the results so far. A page is one statement,
 * preceded by another one if the page has deletions. If the database refuses a statement, its two halves are tried, and
 * so on, until the refused rows are found.
 *
 * <p>A row may be refused only because another row, to whose key it refers, is still missing, or because another row
 * still has the unique value that this row takes over. Refused rows are therefore tried again after all the others, as
 * long as at least one of them succeeds, and in at most {@value #MAX_ROUNDS} rounds.
 */
public final class PageWrite {

    private static final int MAX_ROUNDS = 5;

    private final Batch page;
    private final Predicate<Batch> fits;
    private final Deque<Batch> waiting = new ArrayDeque<>();
    private List<Refused> refused = new ArrayList<>();
    private Batch current;
    private int round = 1;
    private boolean savedInThisRound;
    private int upserted;
    private int deleted;

    /** A row that the database refused by itself. */
    private record Refused(Row row, String reason) {}

    /**
     * Plans the statements for a page.
     *
     * @param fits whether the database takes these rows in one statement
     */
    PageWrite(Batch page, Predicate<Batch> fits) {
        this.page = page;
        this.fits = fits;
        this.current = page.part(List.of());
        enqueueAll(page.rows());
    }

    /** Deletions come first: a new row may take over a unique value of a deleted row. */
    private void enqueueAll(List<Row> rows) {
        enqueue(rows.stream().filter(row -> !row.deleted()).toList());
        enqueue(rows.stream().filter(Row::deleted).toList());
    }

    /**
     * Adds rows as a statement, halved beforehand if they are too large: a database may close the connection after a
     * statement that is too large.
     */
    private void enqueue(List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        Batch part = page.part(rows);
        if (fits.test(part)) {
            waiting.push(part);
        } else {
            enqueueHalves(rows);
        }
    }

    private void enqueueHalves(List<Row> rows) {
        int half = rows.size() / 2;
        enqueue(rows.subList(half, rows.size()));
        enqueue(rows.subList(0, half));
    }

    /** Whether there is another statement to execute. */
    public boolean hasNext() {
        if (waiting.isEmpty() && !refused.isEmpty() && savedInThisRound && round < MAX_ROUNDS) {
            round++;
            savedInThisRound = false;
            List<Row> again = refused.stream().map(Refused::row).toList();
            refused = new ArrayList<>();
            enqueueAll(again);
        }
        return !waiting.isEmpty();
    }

    /** The rows of the next statement. */
    Batch next() {
        if (waiting.isEmpty()) {
            throw new NoSuchElementException();
        }
        current = waiting.pop();
        return current;
    }

    /** The rows of the statement that was taken last. */
    Batch current() {
        return current;
    }

    /** Notes that the statement succeeded, and how many rows it changed. */
    void written(int changed) {
        if (current.isOfDeletions()) {
            deleted += changed;
        } else {
            upserted += changed;
        }
        savedInThisRound = true;
    }

    /** Notes that the database refused the statement, which changed nothing. */
    void refused(String reason) {
        List<Row> rows = current.rows();
        if (rows.size() == 1) {
            refused.add(new Refused(rows.get(0), reason));
            return;
        }
        enqueueHalves(rows);
    }

    int upserted() {
        return upserted;
    }

    int deleted() {
        return deleted;
    }

    /** How many records left the table as it was, or were replaced by a later record of the same page. */
    int unchanged() {
        return page.received() - upserted - deleted - refused.size();
    }

    /** The records that are set aside: those that could not become rows, and those whose rows the database refused. */
    List<Quarantined> quarantined() {
        List<Quarantined> all = new ArrayList<>(page.quarantined());
        refused.forEach(each -> all.add(new Quarantined(each.row().record(), each.reason())));
        return all;
    }
}
