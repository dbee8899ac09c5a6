package io.keysetsync.guarantee;

/**
 * Where a process is killed.
 *
 * @param page counts begin when this page of the run (from 1) has arrived; 0: when the run begins
 * @param count the operation of that kind (from 1) at which it happens, also in a later page
 */
record Crash(int page, int count, Moment moment) {

    /** Which operations of the database count, and on which side of one the process ends. */
    enum Moment {
        BEFORE_OPERATION,
        AFTER_OPERATION,
        BEFORE_COMMIT,
        AFTER_COMMIT;

        boolean countsOnlyCommits() {
            return this == BEFORE_COMMIT || this == AFTER_COMMIT;
        }

        boolean isAfter() {
            return this == AFTER_OPERATION || this == AFTER_COMMIT;
        }
    }

    @Override
    public String toString() {
        return "killed " + moment + " " + count + " from page " + page + " on";
    }
}
