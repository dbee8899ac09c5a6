package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Asks since the cursor of a known record: whether the filter includes the cursor itself. */
final class SinceCursor implements Question {

    private final Conversation with;
    private boolean isAsked;
    private @Nullable Page answer;
    private @Nullable Boolean inclusive;
    private @Nullable String refusal;

    SinceCursor(Conversation with) {
        this.with = with;
    }

    /** The answer; null if there is none. */
    @Nullable
    Page answer() {
        return answer;
    }

    /** Whether the filter includes the cursor itself; null if that could not be told. */
    @Nullable
    Boolean isInclusive() {
        return inclusive;
    }

    @Override
    public @Nullable PageRequest next() {
        Position edge = with.list().edge(0);
        if (isAsked || edge == null) {
            return null;
        }
        isAsked = true;
        return with.newList().first(with.sent(edge), with.until());
    }

    @Override
    public void answered(Page page) {
        answer = page;
        if (!with.at(Objects.requireNonNull(with.list().edge(0)), page).isEmpty()) {
            inclusive = true;
        } else if (with.list().isAscending() || page.received() == 0) {
            inclusive = false;
        }
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        refusal = failure.getMessage();
        return true;
    }

    @Override
    public void report(Report report) {
        String parameter = with.parameters().request().cursorParam();
        if (refusal != null) {
            report.problem(
                    "the API refuses its own cursor in " + parameter + ": " + refusal,
                    "check cursorField and cursorParam");
        } else if (inclusive == null) {
            report.note("whether the filter includes the cursor (>=) could not be told", "");
        } else if (inclusive) {
            report.ok(parameter + " includes the cursor itself (>=)");
        } else {
            strict(report, parameter);
        }
    }

    private void strict(Report report, String parameter) {
        boolean isText = with.parameters().page().cursor().type() == CursorType.TEXT;
        report.note(
                parameter
                        + " leaves the cursor itself out (>): a record that comes later with the same cursor is never"
                        + " asked for",
                isText ? "ask the API for one that includes it" : "set lookback to the cursor's resolution");
        if (with.parameters().plan().lookback().isZero() && !isText) {
            report.set("lookback", Resolution.of(with).lookback());
        }
    }
}
