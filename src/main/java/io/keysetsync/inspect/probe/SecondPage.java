package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.cursor.Position;
import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Asks for the second page of the list, if need be with the other {@code sendCursor}. */
final class SecondPage implements Question {

    private final Conversation with;
    private final FirstPage first;
    private @Nullable Continuation continuation;
    private @Nullable String refusal;
    private @Nullable String fault;

    SecondPage(Conversation with, FirstPage first) {
        this.with = with;
        this.first = first;
    }

    @Override
    public @Nullable PageRequest next() {
        Listing list = with.list();
        if (list.edge(0) == null || !list.leadsOn(0) || with.takesLinkForToken()) {
            return null;
        }
        if (continuation == null) {
            String since = with.parameters().plan().initialCursor();
            continuation = new Continuation(with, list.page(0), since, floor(since));
        }
        PageRequest request = continuation.next(list.next(0));
        // the page as it should be, and not the stream's, if another sendCursor mends it
        if (request == null && continuation.page() != null && list.size() == 1) {
            list.add(continuation.page());
        }
        return request;
    }

    /** The position before which the list should have no record; null if it was not asked since one. */
    private @Nullable Position floor(String since) {
        Position initial = first.refusal() == null ? with.format().parse(since) : null;
        return initial == null
                ? null
                : Stream.concat(Stream.of(initial), with.list().page(0).positions().stream())
                        .min(Position::compareTo)
                        .orElse(initial);
    }

    @Override
    public void answered(Page page) {
        if (continuation != null) {
            continuation.answered(page);
        }
    }

    /** {@inheritDoc} A number that is refused is most likely past the list's end. */
    @Override
    public boolean failed(SyncException failure, boolean refused) {
        if (refusal == null && fault == null) {
            refusal = refused ? failure.getMessage() : null;
            fault = refused ? null : failure.getMessage();
        }
        if (continuation != null) {
            boolean isPastEnd = with.parameters().paging().kind().counts();
            continuation.failed(refused && !isPastEnd ? refusal : null);
        }
        return true;
    }

    @Override
    public void report(Report report) {
        if (continuation != null && continuation.isMended()) {
            continuation.report(report);
        } else if (refusal != null) {
            report.problem("the token of a page is refused: " + refusal, "check scrollField and scrollParam");
        } else if (fault != null) {
            report.note("the second page could not be read: " + fault, "run 'check' again");
        }
    }
}
