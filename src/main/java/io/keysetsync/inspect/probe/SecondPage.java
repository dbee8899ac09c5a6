package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import org.jspecify.annotations.Nullable;

/** Asks for the second page of the list. */
final class SecondPage implements Question {

    private final Conversation with;
    private boolean isAsked;
    private @Nullable String refusal;

    SecondPage(Conversation with) {
        this.with = with;
    }

    @Override
    public @Nullable PageRequest next() {
        if (isAsked || with.list().edge(0) == null || !with.list().leadsOn(0)) {
            return null;
        }
        isAsked = true;
        return with.list().next(0);
    }

    @Override
    public void answered(Page page) {
        with.list().add(page);
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        refusal = failure.getMessage();
        return true;
    }

    @Override
    public void report(Report report) {
        if (refusal != null) {
            report.problem("the token of a page is refused: " + refusal, "check scrollField and scrollParam");
        }
    }
}
