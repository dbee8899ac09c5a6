package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.CursorFormat.CursorType;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.inspect.Report;
import io.keysetsync.inspect.hint.Notations;
import io.keysetsync.inspect.hint.Notations.Trial;
import io.keysetsync.inspect.probe.SinceAnswer.Verdict;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Asks since the cursor of a known record: whether the filter includes the cursor itself, and whether the API takes the
 * notation that is sent. If the API refuses or ignores the notation, other notations are tried.
 */
final class SinceCursor implements Question {

    private final Conversation with;
    private @Nullable Position pivot;
    private @Nullable SinceAnswer answer;
    private @Nullable String refusal;
    private @Nullable String fault;
    private @Nullable Notations notations;
    private @Nullable Trial trial;
    private @Nullable SinceAnswer fit;
    private boolean asksNow;
    private boolean isCoarse;

    SinceCursor(Conversation with) {
        this.with = with;
    }

    /** The answer in a notation that the API takes; null if there is none. */
    @Nullable
    SinceAnswer answer() {
        return fit;
    }

    /** Whether the filter includes the cursor itself; null if that could not be told. */
    @Nullable
    Boolean isInclusive() {
        return fit == null ? null : Boolean.valueOf(fit.verdict() == Verdict.INCLUSIVE);
    }

    /** Whether a notation was found that the API takes, other than the stream's. */
    boolean foundNotation() {
        return fit != null && trial != null;
    }

    @Override
    public @Nullable PageRequest next() {
        if (!with.parameters().request().sendsCursor() || with.list().edge(0) == null) {
            return null;
        }
        if (pivot == null) {
            pivot = pivot();
            if (isForgotten(pivot)) {
                fault = "the records that the API has listed are older than retention";
                return null;
            }
            return with.newList().first(with.sent(pivot), with.until());
        }
        if (isIgnored() && !asksNow && type() == CursorType.TIME) {
            asksNow = true;
            return with.newList().first(with.sent(with.format().at(Instant.now(), pivot)), with.until());
        }
        return needsNotation() ? tryNext(pivot) : null;
    }

    /** The cursor to ask since: records before it and after it are known, if there are such records. */
    private Position pivot() {
        if (with.list().isAscending() && with.list().size() > 1) {
            return Objects.requireNonNull(with.list().edge(0));
        }
        List<Position> known = with.list().page(0).positions().stream()
                .distinct()
                .sorted(Comparator.naturalOrder())
                .toList();
        return known.get(known.size() > 2 ? known.size() / 2 : known.size() - 1);
    }

    /** Whether the API remembers no changes from so long ago, and refuses such a cursor. */
    private boolean isForgotten(Position position) {
        Duration retention = with.parameters().plan().retention();
        return retention != null
                && position instanceof TimePosition time
                && time.instant().isBefore(Instant.now().minus(retention));
    }

    private boolean isIgnored() {
        return answer != null && answer.verdict() == Verdict.IGNORED;
    }

    private boolean needsNotation() {
        return fit == null && !isCoarse && (refusal != null || isIgnored() || isGap());
    }

    private boolean isGap() {
        return answer != null && answer.verdict() == Verdict.GAP;
    }

    private @Nullable PageRequest tryNext(Position since) {
        if (notations == null) {
            notations = new Notations(with.sent(since));
        }
        trial = notations.next(since, type());
        return trial == null ? null : with.newList().first(trial.sent().text(), with.until());
    }

    private CursorType type() {
        return with.parameters().page().cursor().type();
    }

    @Override
    public void answered(Page page) {
        Position known = Objects.requireNonNull(pivot);
        if (trial != null) {
            SinceAnswer other = SinceAnswer.of(with, known, trial.sent(), page);
            boolean differs = refusal != null
                    || !page.records().equals(with.list().page(0).records());
            if (other.isFiltered() && other.older() == 0 && differs) {
                fit = other;
                with.sendAs(trial.format());
            }
        } else if (asksNow) {
            isCoarse = !page.records().equals(with.list().page(0).records());
        } else {
            answer = SinceAnswer.of(with, known, with.format().asSent(known), page);
            fit = answer.isFiltered() ? answer : null;
        }
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        if (answer == null && refusal == null && fault == null) {
            String why = failure.getMessage();
            refusal = refused ? why : null;
            fault = refused ? null : why;
        }
        return true;
    }

    @Override
    public void report(Report report) {
        String parameter = with.parameters().request().cursorParam();
        if (!with.parameters().request().sendsCursor()) {
            return;
        }
        if (fit == null || trial != null) {
            refused(report, parameter);
        }
        if (fit == null) {
            return;
        }
        if (fit.verdict() == Verdict.INCLUSIVE) {
            report.ok(parameter + " includes the cursor itself (>=)");
        } else {
            strict(report, parameter);
        }
        if (fit.older() > 0) {
            report.note(
                    parameter + " is coarser than the cursor: asked since "
                            + fit.sent().text() + ", the API gave " + fit.older()
                            + " older records, too; they change nothing",
                    "");
        }
    }

    private void refused(Report report, String parameter) {
        String sent = pivot == null ? "" : with.parameters().plan().format().sent(pivot);
        if (refusal != null) {
            report.problem(
                    fit == null
                            ? "the API refuses its own cursor in " + parameter + ": " + refusal + others("refused")
                            : parameter + " is refused as it is sent, " + sent + ": " + refusal,
                    fit == null ? "check cursorField and cursorParam" : advice(report));
        } else if (isIgnored() && !isCoarse) {
            report.problem(
                    parameter + " makes no difference as it is sent, " + sent
                            + ": the API gave its first page again, with "
                            + Objects.requireNonNull(answer).older()
                            + " older records" + others("ignored"),
                    fit == null
                            ? "check cursorParam; if the API can't filter, leave cursorParam empty, and each run reads"
                                    + " everything"
                            : advice(report));
        } else if (isGap()) {
            report.problem(
                    parameter + " leaves out too much as it is sent, " + sent
                            + ": the API has listed later records, and gave none of them",
                    fit == null ? "check cursorParam, cursorFormat and cursorZone" : advice(report));
        } else {
            report.note(
                    "whether the filter includes the cursor (>=) could not be told"
                            + (fault == null ? "" : ": " + fault),
                    "");
        }
    }

    private String others(String what) {
        return fit != null || notations == null || notations.tried().isEmpty()
                ? ""
                : "; other notations are " + what + ", too: " + notations.tried();
    }

    private String advice(Report report) {
        Trial found = Objects.requireNonNull(trial);
        report.set("cursorFormat", found.name());
        return "set cursorFormat to " + found.name() + ": asked since "
                + found.sent().text() + ", the API gives the records since then";
    }

    private void strict(Report report, String parameter) {
        boolean isText = type() == CursorType.TEXT;
        String lookback = with.resolution().lookback();
        boolean isSet = !with.parameters().plan().lookback().isZero();
        report.note(
                parameter
                        + " leaves the cursor itself out (>): a record that comes later with the same cursor is never"
                        + " asked for"
                        + (isSet ? " without lookback, which is set" : ""),
                isText
                        ? "if the API has a filter that includes the cursor, use that one"
                        : isSet ? "" : "set lookback to the cursor's resolution, " + lookback);
        if (!isSet && !isText) {
            report.set("lookback", lookback);
        }
    }
}
