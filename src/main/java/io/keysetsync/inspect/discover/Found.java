package io.keysetsync.inspect.discover;

/**
 * Something that was found out about an API.
 *
 * @param what is found, such as {@code cursor}
 * @param value in the words of the stream's files
 * @param why in one line
 */
public record Found(String what, String value, Sureness sureness, String why) {

    /** How sure a finding is. */
    public enum Sureness {
        /** Given by the user, or tried. */
        SURE,
        /** Several signs for it, none against it. */
        LIKELY,
        /** Better than nothing; to be checked. */
        GUESS
    }
}
