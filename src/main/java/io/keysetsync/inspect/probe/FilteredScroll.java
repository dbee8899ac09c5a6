package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Whether the filter holds on the pages after the first one: begins a list since a cursor that leaves more than a page,
 * and asks for its second page. If the filter was lost, the second page of the whole list comes, which has older records.
 */
final class FilteredScroll implements Question {

    private enum Step {
        /** Asks for a further page of the whole list, so that more of its records are known. */
        LOOK_AHEAD,
        FIRST_PAGE,
        SECOND_PAGE,
        /** Begins the list again, as the token to its second page is used up. */
        FIRST_PAGE_AGAIN,
        DONE
    }

    private final Conversation with;
    private final SinceCursor since;
    private final TokenTwice tokens;
    private Step step = Step.LOOK_AHEAD;
    private boolean isBegunAgain;
    private Listing scroll;
    private @Nullable Position pivot;
    private @Nullable SinceAnswer answer;
    private @Nullable Continuation continuation;

    FilteredScroll(Conversation with, SinceCursor since, TokenTwice tokens) {
        this.with = with;
        this.since = since;
        this.tokens = tokens;
        this.scroll = with.newList();
    }

    /** The filtered list's first page; null if there is none. */
    @Nullable
    SinceAnswer answer() {
        return answer;
    }

    @Override
    public @Nullable PageRequest next() {
        Listing list = with.list();
        if (since.answer() == null || list.size() < 2) {
            return null;
        }
        if (step == Step.LOOK_AHEAD && !(list.isAscending() && list.size() == 2 && list.leadsOn(1))) {
            step = Step.FIRST_PAGE;
        }
        return switch (step) {
            case LOOK_AHEAD -> list.next(1);
            case FIRST_PAGE, FIRST_PAGE_AGAIN -> first();
            case SECOND_PAGE -> second(scroll.next(0));
            case DONE -> null;
        };
    }

    private @Nullable PageRequest first() {
        pivot = pivot == null ? pivot() : pivot;
        scroll = with.newList();
        return pivot == null ? null : scroll.first(with.sent(pivot), with.until());
    }

    private @Nullable PageRequest second(PageRequest request) {
        Continuation second = Objects.requireNonNull(continuation);
        if (!isBegunAgain && tokens.isUsableOnce() && second.wants(request) != null) {
            isBegunAgain = true;
            step = Step.FIRST_PAGE_AGAIN;
            return first();
        }
        return second.next(request);
    }

    /**
     * The greatest cursor since which more than a page of known records come; null if there is none, or if the list's
     * second page, which comes if the filter is lost, has no older record.
     */
    private @Nullable Position pivot() {
        Listing list = with.list();
        int pageSize = list.pages().stream().mapToInt(Page::received).max().orElse(0);
        List<Position> known =
                list.pages().stream().flatMap(page -> page.positions().stream()).toList();
        return known.stream()
                .sorted(Comparator.reverseOrder())
                .filter(each ->
                        known.stream().filter(other -> comesSince(each, other)).count() > pageSize)
                .findFirst()
                .filter(each -> list.page(1).positions().stream().anyMatch(other -> other.compareTo(each) < 0))
                .orElse(null);
    }

    private boolean comesSince(Position cursor, Position other) {
        int compared = other.compareTo(cursor);
        return Boolean.TRUE.equals(since.isInclusive()) ? compared >= 0 : compared > 0;
    }

    @Override
    public void answered(Page page) {
        switch (step) {
            case LOOK_AHEAD -> {
                with.list().add(page);
                step = Step.FIRST_PAGE;
            }
            case FIRST_PAGE -> {
                Position asked = Objects.requireNonNull(pivot);
                answer = SinceAnswer.of(with, asked, with.format().asSent(asked), page);
                continuation = new Continuation(with, page, answer.sent().text(), answer.floor());
                begun(page);
            }
            case FIRST_PAGE_AGAIN -> begun(page);
            case SECOND_PAGE -> Objects.requireNonNull(continuation).answered(page);
            case DONE -> {}
        }
    }

    private void begun(Page page) {
        scroll.add(page);
        step = scroll.leadsOn(0) ? Step.SECOND_PAGE : Step.DONE;
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        switch (step) {
            case LOOK_AHEAD -> step = Step.FIRST_PAGE;
            case SECOND_PAGE ->
                Objects.requireNonNull(continuation).failed(refused ? String.valueOf(failure.getMessage()) : null);
            case FIRST_PAGE, FIRST_PAGE_AGAIN, DONE -> step = Step.DONE;
        }
        return true;
    }

    @Override
    public void report(Report report) {
        if (continuation == null) {
            return;
        }
        if (continuation.isMended()) {
            continuation.report(report);
        } else if (continuation.fault() != null) {
            lost(continuation, report);
        } else if (continuation.page() != null && isTelling()) {
            report.ok("the filter holds on a list's second page, too");
        }
    }

    /** Whether the second page of the whole list has records that the filtered one should not have. */
    private boolean isTelling() {
        Position floor = Objects.requireNonNull(answer).floor();
        return with.list().page(1).positions().stream().anyMatch(each -> each.compareTo(floor) < 0);
    }

    private void lost(Continuation second, Report report) {
        boolean isAscending = with.list().isAscending();
        boolean hasOlder = Objects.requireNonNull(second.fault()).older() > 0;
        if (hasOlder && !isAscending && isCoarse()) {
            return;
        }
        if (with.parameters().plan().reanchors()) {
            report.ok(second.complaint() + "; reanchor=true asks since each page's cursor instead");
        } else if (isAscending) {
            report.problem(second.complaint(), "set reanchor to true, which asks since each page's cursor instead");
            report.set("reanchor", "true");
        } else if (hasOlder) {
            report.note(second.complaint(), "each run reads the list to its end" + instead());
        } else {
            report.problem(second.complaint(), "have the API sort by the cursor, and set reanchor to true");
        }
    }

    /** What may help instead of links that lose the filter. */
    private String instead() {
        return with.parameters().paging().kind().followsLinks()
                ? "; if the API takes what is in the link as a parameter, set paging to page, offset or scroll, which"
                        + " send the filter beside it"
                : "";
    }

    /** Whether the filter lets older records through, which a page of a list in another order may show anywhere. */
    private boolean isCoarse() {
        return Objects.requireNonNull(since.answer()).older() > 0
                || Objects.requireNonNull(answer).older() > 0;
    }
}
