package io.keysetsync.inspect.probe;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.SyncException;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether tokens skip records that share a page's last cursor: compares the pages of the list with all records since the
 * page's last cursor.
 */
final class Ties implements Question {

    private final Conversation with;
    private final SinceCursor since;
    private final FilteredScroll filtered;
    private boolean isBegun;
    private boolean asksSince;
    private @Nullable Boolean skipsTies;

    Ties(Conversation with, SinceCursor since, FilteredScroll filtered) {
        this.with = with;
        this.since = since;
        this.filtered = filtered;
    }

    @Override
    public @Nullable PageRequest next() {
        Listing list = with.list();
        if (!isBegun) {
            isBegun = true;
            if (since.answer() != null) {
                compare(since.answer().page(), 0);
            }
            SinceAnswer known = filtered.answer();
            if (isOpen() && known != null && known.pivot().equals(list.edge(1))) {
                asksSince = true;
                compare(known.page(), 1);
            }
        }
        Position edge = isOpen() && !asksSince ? list.edge(1) : null;
        if (edge == null) {
            return null;
        }
        asksSince = true;
        return with.newList().first(with.sent(edge), with.until());
    }

    private boolean isOpen() {
        return skipsTies == null
                && Boolean.TRUE.equals(since.isInclusive())
                && with.list().isAscending()
                && with.list().size() > 2;
    }

    @Override
    public void answered(Page page) {
        compare(page, 1);
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        return true;
    }

    /** Concludes from the answer to a request for all records since a page's greatest cursor. */
    private void compare(Page answer, int index) {
        Listing list = with.list();
        Position edge = Objects.requireNonNull(list.edge(index));
        List<JsonNode> tie = with.at(edge, answer);
        if (tie.isEmpty() || !list.isAscending() || list.size() < index + 2) {
            return;
        }
        List<JsonNode> next = with.at(edge, list.page(index + 1));
        List<JsonNode> seen = new ArrayList<>(with.at(edge, list.page(index)));
        seen.addAll(next);
        if (!seen.containsAll(tie)) {
            skipsTies = true;
        } else if (!next.isEmpty()) {
            skipsTies = false;
        }
    }

    @Override
    public void report(Report report) {
        if (Boolean.TRUE.equals(skipsTies)) {
            skipped(report);
        } else if (Boolean.FALSE.equals(skipsTies)) {
            report.ok("tokens keep records that share the page's last cursor");
        } else if (with.list().size() > 1 && !report.sets("reanchor")) {
            report.note(
                    "whether tokens skip records that share a cursor could not be told: no page asked for"
                            + " ended within such records",
                    Boolean.TRUE.equals(since.isInclusive())
                            ? "reanchor=true is safe either way, for a little more to ask"
                            : "");
        }
    }

    private void skipped(Report report) {
        String what = "tokens skip records that share the page's last cursor";
        if (with.parameters().plan().reanchors()) {
            report.ok(what + "; reanchor=true asks for them");
        } else {
            report.problem(what, "set reanchor to true, and keep pages larger than the most records of one cursor");
            report.set("reanchor", "true");
        }
    }
}
