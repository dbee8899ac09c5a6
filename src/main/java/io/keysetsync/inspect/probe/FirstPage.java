package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.Report;
import io.keysetsync.inspect.hint.Notations;
import io.keysetsync.inspect.hint.Notations.Trial;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the first page of the list since the initial cursor; if the API refuses that cursor, without one, and then in
 * other notations.
 */
final class FirstPage implements Question {

    private final Conversation with;
    private final String initial;
    private boolean isAsked;
    private boolean isAnswered;
    private boolean asksWithout;
    private @Nullable String refusal;
    private @Nullable Notations notations;
    private @Nullable Trial trial;

    FirstPage(Conversation with) {
        this.with = with;
        this.initial = with.parameters().plan().initialCursor();
    }

    /** Why the first request was refused; null if it was not. */
    @Nullable
    String refusal() {
        return refusal;
    }

    @Override
    public @Nullable PageRequest next() {
        if (!isAsked) {
            isAsked = true;
            return with.list().first(initial, with.until());
        }
        CursorFormat format = with.parameters().plan().format();
        Position position = format.parse(initial);
        if (isAnswered || position == null) {
            return null;
        }
        if (!asksWithout) {
            asksWithout = true;
            return with.list().first(null, with.until());
        }
        if (notations == null) {
            notations = new Notations(initial);
        }
        trial = notations.next(later(position), format.type());
        return trial == null ? null : with.list().first(trial.sent().text(), with.until());
    }

    /** The epoch if a position is earlier, as many notations, and many APIs, begin there. */
    private static Position later(Position position) {
        Position epoch = CursorFormat.DEFAULT.parse(CursorFormat.DEFAULT.initial());
        return epoch != null && position instanceof Position.TimePosition && position.compareTo(epoch) < 0
                ? epoch
                : position;
    }

    @Override
    public void answered(Page page) {
        isAnswered = true;
        with.list().add(page);
        if (trial != null) {
            with.sendAs(trial.format());
        }
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        if (refusal == null) {
            refusal = failure.getMessage();
        }
        return refused && !initial.isEmpty();
    }

    @Override
    public void report(Report report) {
        Page first = with.list().page(0);
        if (refusal == null) {
            report.ok("the API answers as it should");
        }
        if (first.recordCount() == 0) {
            report.note(
                    "no records" + (initial.isEmpty() ? "" : " since " + initial)
                            + ", so that nothing more can be told",
                    "check initialCursor, or run 'check' again once there are some");
        } else {
            report.ok(first.recordCount() + " records on the first page"
                    + (!with.list().leadsOn(0) ? ", and nothing leads to a further page" : ""));
            if (with.list().error() != null) {
                report.problem(with.list().error(), "");
            }
        }
    }

    /**
     * Reports that the initial cursor was refused.
     *
     * @param otherNotation whether the records' cursors have to be sent in another notation as well
     */
    void reportRefusal(Report report, boolean otherNotation) {
        if (refusal == null) {
            return;
        }
        boolean isAuto = initial.equals(with.parameters().plan().format().initial());
        if (trial != null) {
            boolean isEpoch = trial.sent().text().equals(trial.format().initial());
            report.problem(
                    "the API refuses the initial cursor, " + initial + ": " + refusal,
                    "set cursorFormat to " + trial.name() + ": " + trial.sent().text() + " is answered");
            report.set("cursorFormat", trial.name());
            if (!isAuto) {
                report.set("initialCursor", isEpoch ? "auto" : trial.sent().text());
            }
        } else if (!(isAuto && otherNotation)) {
            boolean needsOne = with.parameters().plan().step() != null;
            report.problem(
                    "the API refuses the initial cursor, " + initial + ", and answers without one: " + refusal,
                    needsOne ? "set initialCursor to a later time" : "set initialCursor to an empty text");
            if (!needsOne) {
                report.set("initialCursor", "");
            }
        }
    }
}
