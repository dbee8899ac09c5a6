package io.keysetsync;

/** The status of a run, as in the column {@code status} of {@code keyset_sync_run}. */
public enum RunStatus {
    /** Under way, or its process was killed and no other run of the stream has begun since. */
    RUNNING("running"),
    /** The API has no more pages. */
    COMPLETE("complete"),
    /** Ended by an error, which is kept in the run's row. */
    FAILED("failed"),
    /** Ended because its process stopped, or found dead by the next run. */
    INTERRUPTED("interrupted"),
    /** The API asked for a longer pause than {@code maxRetryAfter}. */
    RATE_LIMITED("rate-limited"),
    /** Another run of the stream moved the cursor first. */
    FENCED("fenced");

    private final String text;

    RunStatus(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
