package io.keysetsync.inspect.probe;

import io.keysetsync.inspect.hint.Candidates;
import io.keysetsync.paging.Page;
import io.keysetsync.record.CompactDate;
import io.keysetsync.record.Quarantined;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Reports how many of the first page's records have a cursor that can be read. */
final class Cursors {

    private final Conversation with;
    private final Page first;
    private final Candidates candidates;

    Cursors(Conversation with, Candidates candidates) {
        this.with = with;
        this.first = with.list().page(0);
        this.candidates = candidates;
    }

    void report(Report report) {
        int all = first.recordCount();
        int readable = first.positions().size() + first.ahead();
        String field = with.parameters().page().cursorField().dotted();
        if (readable == 0) {
            report.problem("no record has a cursor that can be read in " + field + hint(), candidates.advice());
        } else if (readable < all) {
            report.note(
                    (all - readable) + " of " + all + " records have no cursor that can be read in " + field + hint(),
                    "onMissingCursor says what becomes of them");
        } else {
            String unit = with.resolution().unit();
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
                .map(record -> with.parameters().page().cursorField().in(record))
                .filter(CompactDate::is)
                .findFirst()
                .map(value -> ": " + value + " " + CompactDate.REASON)
                .orElse("");
    }
}
