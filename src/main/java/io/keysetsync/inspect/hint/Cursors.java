package io.keysetsync.inspect.hint;

import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.paging.PageFormat;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.Quarantined;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reports how many of the first page's records have a cursor that can be read. */
public final class Cursors {

    private final PageFormat format;
    private final Page first;
    private final Resolution resolution;
    private final Candidates candidates;

    /**
     * Looks at a list's first page.
     *
     * @param resolution of the list's cursors
     * @param candidates what else may be the cursor
     */
    public Cursors(PageFormat format, Page first, Resolution resolution, Candidates candidates) {
        this.format = format;
        this.first = first;
        this.resolution = resolution;
        this.candidates = candidates;
    }

    /** Reports what the page shows. */
    public void report(Report report) {
        int all = first.recordCount();
        int readable = first.positions().size() + first.ahead();
        String field = format.cursorField().text();
        if (readable == 0) {
            report.problem("no record has a cursor that can be read in " + field + hint(), candidates.advice());
        } else if (readable < all) {
            report.note(
                    (all - readable) + " of " + all + " records have no cursor that can be read in " + field + hint(),
                    "onMissingCursor says what becomes of them");
        } else {
            String unit = resolution.unit();
            report.ok("the cursor " + field + " can be read" + (unit.isEmpty() ? "" : ", to the " + unit));
        }
        if (first.ahead() > 0) {
            report.note(
                    first.ahead() + " records have a cursor in the future",
                    "they are saved, but don't move the cursor; futureTolerance says how far it may go");
        }
    }

    /** Names the first cursor that looks like a compact date; empty if none does. */
    private String hint() {
        return Stream.concat(
                        StreamSupport.stream(first.records().spliterator(), false),
                        first.quarantined().stream().map(Quarantined::record))
                .map(record -> format.cursorField().orMissing(record))
                .filter(CompactDate::is)
                .findFirst()
                .map(value -> ": " + value + " " + CompactDate.REASON)
                .orElse("");
    }
}
