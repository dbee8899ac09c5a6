package io.keysetsync.bench;

/** What there is to do for a sync, in the order of a round. Each time the API gives all records. */
enum Work {
    FIRST("first sync"),
    /** Every record has a new text and a new time of change. */
    CHANGED("all changed"),
    /** Every record comes once more as it is in the table. */
    UNCHANGED("nothing changed");

    private final String title;

    Work(String title) {
        this.title = title;
    }

    String title() {
        return title;
    }
}
