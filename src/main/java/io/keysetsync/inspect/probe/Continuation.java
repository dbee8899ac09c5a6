package io.keysetsync.inspect.probe;

import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import io.keysetsync.request.RequestFormat;
import io.keysetsync.request.RequestFormat.SendCursor;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Asks for the second page of a list as the stream does and, if that page is not what it should be, with the other
 * {@code sendCursor}. If that mends the page, all later requests are written in this way.
 */
final class Continuation {

    /**
     * What is wrong with the second page.
     *
     * @param refusal why the API refuses the page; null if it gives one
     * @param older how many of its records are older than the filter allows; 0 if it is the first page again
     */
    record Fault(@Nullable String refusal, long older) {}

    private final Conversation with;
    private final Page first;
    private final String since;
    private final @Nullable Position floor;
    private boolean isAsked;
    private boolean isBeside;
    private @Nullable Page page;
    private @Nullable Fault fault;
    private @Nullable SendCursor other;
    private boolean isMended;

    /**
     * Begins after a list's first page.
     *
     * @param since the cursor that the list was asked since, for messages
     * @param floor the position before which the list should have no record; null if that is not known
     */
    Continuation(Conversation with, Page first, String since, @Nullable Position floor) {
        this.with = with;
        this.first = first;
        this.since = since;
        this.floor = floor;
    }

    /** The next request for the page to which the first one leads; null if there is nothing more to ask. */
    @Nullable
    PageRequest next(PageRequest request) {
        if (!isAsked) {
            isAsked = true;
            isBeside = !with.requests().writesLike(with.requests().sending(SendCursor.FIRST), request);
            return request;
        }
        SendCursor when = wants(request);
        if (when == null) {
            return null;
        }
        other = when;
        with.write(with.requests().sending(when));
        return request;
    }

    /** The {@code sendCursor} that is worth a try; null if there is none. */
    @Nullable
    SendCursor wants(PageRequest request) {
        RequestFormat stream = with.parameters().request();
        if (fault == null || other != null || !stream.writesLike(with.requests(), request)) {
            return null;
        }
        return Stream.of(SendCursor.ALWAYS, SendCursor.FIRST)
                .filter(when -> !stream.writesLike(stream.sending(when), request))
                .findFirst()
                .orElse(null);
    }

    void answered(Page answer) {
        boolean isAgain = answer.received() > 0 && answer.records().equals(first.records());
        long older = older(answer);
        if (!isAgain && older == 0) {
            page = answer;
            isMended = other != null;
        } else if (other == null) {
            page = answer;
            fault = new Fault(null, older);
        } else {
            with.write(with.parameters().request());
        }
    }

    private long older(Page answer) {
        return floor == null
                ? 0
                : answer.positions().stream()
                        .filter(each -> each.compareTo(floor) < 0)
                        .count();
    }

    /**
     * Takes a failure of the request.
     *
     * @param refusal null if the API did not refuse what was asked for
     */
    void failed(@Nullable String refusal) {
        if (other != null) {
            with.write(with.parameters().request());
        } else if (refusal != null) {
            fault = new Fault(refusal, 0);
        }
    }

    /** The second page as it should be, or else as the stream gets it; null if the stream gets none. */
    @Nullable
    Page page() {
        return page;
    }

    /** What is wrong with the page that the stream gets; null if nothing is. */
    @Nullable
    Fault fault() {
        return fault;
    }

    /** Whether another {@code sendCursor} mends what is wrong. */
    boolean isMended() {
        return isMended;
    }

    /** Reports which {@code sendCursor} mends what is wrong. */
    void report(Report report) {
        String value = Objects.requireNonNull(other).name().toLowerCase(Locale.ROOT);
        report.problem(
                complaint(),
                "set sendCursor to " + value
                        + (other == SendCursor.FIRST
                                ? ": " + leading() + " alone leads to the right page"
                                : followsLinks()
                                        ? ", which adds " + parameter()
                                                + " to a link that lacks it: that mends the page"
                                        : ": with " + parameter() + " beside it, " + leading()
                                                + " leads to the right page"));
        report.set("sendCursor", value);
    }

    /** What is wrong, in words. */
    String complaint() {
        Fault wrong = Objects.requireNonNull(fault);
        String what = isBeside ? parameter() + " beside " + leading() : leading() + " alone";
        if (wrong.refusal() != null) {
            return what + " is refused: " + wrong.refusal();
        }
        return what
                + (wrong.older() == 0
                        ? " leads to the first page again"
                        : " loses the filter: asked since " + since + ", the second page has " + wrong.older()
                                + (wrong.older() == 1 ? " older record" : " older records"));
    }

    private boolean followsLinks() {
        return with.parameters().paging().kind().followsLinks();
    }

    private String parameter() {
        return with.parameters().request().cursorParam();
    }

    private String leading() {
        return switch (with.parameters().paging().kind()) {
            case SCROLL -> "a token";
            case LINK, LINK_HEADER -> "a link";
            case PAGE -> "a page's number";
            case OFFSET -> "an offset";
            case LAST_RECORD -> "the last record's value";
        };
    }
}
