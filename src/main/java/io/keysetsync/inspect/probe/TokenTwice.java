package io.keysetsync.inspect.probe;

import io.keysetsync.SyncException;
import io.keysetsync.inspect.Report;
import io.keysetsync.paging.Page;
import io.keysetsync.request.PageRequest;
import org.jspecify.annotations.Nullable;

/** Asks for the second page again: whether a token can be used twice. */
final class TokenTwice implements Question {

    private final Conversation with;
    private boolean isAsked;
    private @Nullable Boolean isUsableTwice;

    TokenTwice(Conversation with) {
        this.with = with;
    }

    /** Whether a token was refused, or led elsewhere, when it was sent again. */
    boolean isUsableOnce() {
        return Boolean.FALSE.equals(isUsableTwice);
    }

    @Override
    public @Nullable PageRequest next() {
        if (isAsked || with.list().size() < 2) {
            return null;
        }
        isAsked = true;
        return with.list().next(0);
    }

    @Override
    public void answered(Page page) {
        isUsableTwice = page.records().equals(with.list().page(1).records());
    }

    @Override
    public boolean failed(SyncException failure, boolean refused) {
        isUsableTwice = refused ? Boolean.FALSE : null;
        return true;
    }

    @Override
    public void report(Report report) {
        if (Boolean.TRUE.equals(isUsableTwice)) {
            report.ok("a token can be used twice, so that a lost answer can be asked for again");
        } else if (Boolean.FALSE.equals(isUsableTwice)) {
            report.note(
                    "a token can be used once, so that after a lost answer the run starts over from its cursor", "");
        }
    }
}
