package io.keysetsync.inspect;

/**
 * One fact that was found out about a stream.
 *
 * @param what in one line
 * @param advice what to do about it; empty if there is nothing to do
 */
public record Finding(Level level, String what, String advice) {

    /** How much a finding matters. */
    public enum Level {
        OK,
        NOTE,
        PROBLEM
    }
}
