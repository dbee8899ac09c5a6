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
 * What of a page is still to be written, and what became of the rest. The page is one statement, and another one before
 * it where it has deletions, unless the database refuses it: then its halves are, and theirs, until the rows that are
 * refused alone have been found.
 *
 * <p>A row may be refused only because another one is not there yet, whose key it refers to, or still has the value that
 * it takes over. Rows that are refused alone are therefore tried once more after all the others, as long as that brings
 * one of them in, and {@value #MOST_ROUNDS} times at most.
 */
public final class PageWrite {

    private static final int MOST_ROUNDS = 5;

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
     * A page to be written.
     *
     * @param fits whether the database takes so much in one statement
     */
    PageWrite(Batch page, Predicate<Batch> fits) {
        this.page = page;
        this.fits = fits;
        this.current = page.part(List.of());
        awaitAll(page.rows());
    }

    /** Deletions come first: a new row may take over what a deleted one had to itself. */
    private void awaitAll(List<Row> rows) {
        await(rows.stream().filter(row -> !row.deleted()).toList());
        await(rows.stream().filter(Row::deleted).toList());
    }

    /** What is too large for a statement is halved beforehand: after such a statement the connection may be gone. */
    private void await(List<Row> rows) {
        if (rows.isEmpty()) {
            return;
        }
        Batch part = page.part(rows);
        if (fits.test(part)) {
            waiting.push(part);
        } else {
            awaitHalves(rows);
        }
    }

    private void awaitHalves(List<Row> rows) {
        int half = rows.size() / 2;
        await(rows.subList(half, rows.size()));
        await(rows.subList(0, half));
    }

    /** Whether there is another statement to be made. */
    public boolean hasNext() {
        if (waiting.isEmpty() && !refused.isEmpty() && savedInThisRound && round < MOST_ROUNDS) {
            round++;
            savedInThisRound = false;
            List<Row> again = refused.stream().map(Refused::row).toList();
            refused = new ArrayList<>();
            awaitAll(again);
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

    /** The statement went through, and changed so many rows. */
    void written(int changed) {
        if (current.isOfDeletions()) {
            deleted += changed;
        } else {
            upserted += changed;
        }
        savedInThisRound = true;
    }

    /** The database refused the statement, and nothing of it was done. */
    void refused(String reason) {
        List<Row> rows = current.rows();
        if (rows.size() == 1) {
            refused.add(new Refused(rows.get(0), reason));
            return;
        }
        awaitHalves(rows);
    }

    int upserted() {
        return upserted;
    }

    int deleted() {
        return deleted;
    }

    /** How many records left the table as it was, or were replaced by a later one of the same page. */
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
