package io.keysetsync.source;

import io.keysetsync.RateLimitedException;
import io.keysetsync.RetryableException;
import io.keysetsync.TerminalException;
import io.keysetsync.cursor.Step;
import io.keysetsync.http.Failure;
import io.keysetsync.http.RetryPolicy;
import io.keysetsync.http.auth.Credentials;
import io.keysetsync.paging.Next;
import io.keysetsync.run.Run;
import io.keysetsync.run.lifecycle.RunReports;
import java.time.Duration;
import java.util.Optional;

/** Decides what follows a failed attempt: a new scroll, another try after a wait, or the end of the run. */
final class Recovery {

    private final SourceParameters parameters;
    private final RetryPolicy retries;
    private final Credentials credentials;
    private final RunReports reports;
    private final Runnable retried;

    /**
     * Recovers the runs of one stream.
     *
     * @param retried counts an attempt that follows a failed one
     */
    Recovery(SourceParameters parameters, RunReports reports, Runnable retried) {
        this.parameters = parameters;
        this.retries = parameters.retries();
        this.credentials = parameters.credentials();
        this.reports = reports;
        this.retried = retried;
    }

    /** Whether this API answers so if it has no records, or no such page. */
    boolean meansNoRecords(Run run, Failure failure) {
        return run.reading().request().continuesScroll()
                ? parameters.endsAtRefusedPage() && failure.refusesToken()
                : parameters.emptyIfNotFound() && failure.isNotFound();
    }

    /**
     * Returns normally if the loop over attempts is to continue.
     *
     * @throws io.keysetsync.SyncException that ends the run
     */
    void after(Run run, Failure failure, Throwable caught) throws InterruptedException {
        if (failure.refusesCredentials() && credentials.renew()) {
            reports.of(run.isDryRun()).credentialsRefused(run);
            return;
        }
        // 404 to a scroll's first request says that the URL is wrong
        boolean isRefusal =
                failure.refusesToken() && (run.reading().request().continuesScroll() || !failure.isNotFound());
        Optional<Next> chosen = run.inspection().afterFailure(failure.error(), isRefusal);
        if (chosen.isPresent()) {
            run.reading().follow(chosen.get());
            return;
        }
        if (run.isDryRun()) {
            throw failure.error(); // a dry run does not wait for retries
        }
        if (failure.refusesToken() && run.reading().restartAfterRefusal()) {
            reports.tokenRefused(run);
            return;
        }
        if (failure.refusesToken() && run.reading().request().continuesScroll()) {
            throw new TerminalException(
                    failure.error().getMessage() + "; the cursor has not moved since an earlier"
                            + " refusal: if the API lists only so many records, ask for less at a time: " + less(),
                    caught);
        }
        if (!(failure.error() instanceof RetryableException)) {
            throw failure.error();
        }
        int attempt = run.reading().attemptFailed();
        if (attempt >= retries.attempts()) {
            throw new TerminalException(failure.error().getMessage() + " (" + attempt + " attempts)", caught);
        }
        pause(run, failure, attempt);
    }

    private void pause(Run run, Failure failure, int attempt) throws InterruptedException {
        Duration asked = failure.retryAfter();
        if (asked != null && asked.compareTo(retries.maxRetryAfter()) > 0) {
            throw new RateLimitedException(failure.error().getMessage() + " and asked to wait " + asked
                    + ", longer than maxRetryAfter; the next run continues from here");
        }
        Duration wait = asked == null ? retries.delayAfter(attempt) : asked;
        String error = String.valueOf(failure.error().getMessage());
        reports.waiting(run, error, attempt + 1, wait);
        run.stop().pause(wait, "attempt " + (attempt + 1) + " after " + error);
        retried.run();
    }

    private String less() {
        Step step = parameters.plan().step();
        return step == null ? "set step or reanchor" : "set a shorter step than " + step;
    }
}
