package io.keysetsync.inspect.probe;

/**
 * Something in an answer that may lead to a next page.
 *
 * @param path where the answer's body has it; empty for a header
 */
record NextHint(Kind kind, String path) {

    /** What leads on, the surest first. */
    enum Kind {
        LINK_HEADER,
        LINK,
        /** A token whose name has the word "next". */
        TOKEN,
        /** A token by a name that may mean something else. */
        MAYBE_TOKEN,
        /** A flag that says that there is more. */
        FLAG
    }
}
