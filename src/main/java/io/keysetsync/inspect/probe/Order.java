package io.keysetsync.inspect.probe;

import io.keysetsync.inspect.Report;
import io.keysetsync.inspect.hint.Counting;
import io.keysetsync.paging.PagingKind;
import java.util.Comparator;
import java.util.Locale;
import java.util.regex.Pattern;

/** Reports in which order the API lists its records, and whether pages that are counted shift in that order. */
final class Order {

    /** Names of times that change with the record. */
    private static final Pattern CHANGES = Pattern.compile(".*(upd|modif|chang|edit|touch|last).*");

    /** Names of times and keys that a record keeps. */
    private static final Pattern STAYS =
            Pattern.compile(".*(creat|insert|publish|sent|receiv|start).*|id|.*_id|.*(date|time)_?added");

    private final Conversation with;
    private final SinceCursor since;

    Order(Conversation with, SinceCursor since) {
        this.with = with;
        this.since = since;
    }

    void report(Report report) {
        Listing list = with.list();
        int shown = list.size();
        String where = shown == 1 ? "on the page" : "on the " + shown + " pages asked for";
        if (list.isAscending()) {
            report.ok("cursors ascend " + where + "; each page moves the stored cursor");
            shifts(report);
        } else {
            report.note(
                    "cursors " + (list.inOrder(Comparator.reverseOrder()) ? "descend " : "are in no order ") + where
                            + "; the stored cursor moves only when a run is through",
                    "have the API sort by the cursor, by a parameter in query");
        }
    }

    /** Reports that a record which changes moves to the end of an ascending list, and those after it to earlier pages. */
    private void shifts(Report report) {
        PagingKind kind = with.parameters().paging().kind();
        boolean looksCounted = with.list().size() > 1
                && Counting.in(with.list().page(0), with.list().page(1));
        if (!(kind.counts() || looksCounted) || !rises() || !canReanchor()) {
            return;
        }
        String cursor = with.parameters().page().cursorField().text();
        String name = cursor.replaceFirst("^.*\\.", "").toLowerCase(Locale.ROOT);
        String shift =
                " in a list that ascends by " + cursor + ": a record that changes meanwhile moves to the end, and"
                        + " those after it move up into pages that have been read";
        String set = "set reanchor to true, which asks since each page's cursor instead";
        if (!kind.counts()) {
            String what = (kind.followsLinks() ? "links" : "tokens") + " that count pages or records may skip some";
            if (!STAYS.matcher(name).matches()) {
                report.note(what + shift, "if the API counts, " + set);
            }
        } else if (CHANGES.matcher(name).matches()) {
            report.problem(counted(kind) + " skip records" + shift, set);
            report.set("reanchor", "true");
        } else if (!STAYS.matcher(name).matches()) {
            report.note(counted(kind) + " may skip records" + shift, "if " + cursor + " changes with a record, " + set);
        }
    }

    private static String counted(PagingKind kind) {
        return kind == PagingKind.PAGE ? "pages by number" : "pages by offset";
    }

    /** Whether the order shows: a list may be in order by chance if all its cursors are equal, or on one page. */
    private boolean rises() {
        Listing list = with.list();
        return list.size() > 1 && list.edge(1) != null && !list.inOrder(Comparator.reverseOrder());
    }

    private boolean canReanchor() {
        return since.answer() != null && !with.parameters().plan().reanchors();
    }
}
