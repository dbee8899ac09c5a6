package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import org.jspecify.annotations.Nullable;

/** Asks for the first page of the list since the initial cursor. */
final class FirstPage implements Question {

    private final Conversation with;
    private boolean isAsked;

    FirstPage(Conversation with) {
        this.with = with;
    }

    @Override
    public @Nullable PageRequest next() {
        if (isAsked) {
            return null;
        }
        isAsked = true;
        return with.list().first(with.parameters().plan().initialCursor(), with.until());
    }

    @Override
    public void answered(Page page) {
        with.list().add(page);
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        return false;
    }

    @Override
    public void report(Report report) {
        int received = with.list().page(0).recordCount();
        if (received == 0) {
            report.note(
                    "no records since " + with.parameters().plan().initialCursor()
                            + ", so that nothing more can be told",
                    "check initialCursor, or ask again once there are some");
        } else {
            report.ok(received + " records on the first page"
                    + (!with.list().leadsOn(0) ? ", and nothing leads to a further page" : ""));
            if (with.list().error() != null) {
                report.problem(with.list().error(), "");
            }
        }
    }
}
