package io.keysetsync.inspect.probe;

import java.util.Comparator;

/** Reports in which order the API lists its records. */
final class Order {

    private Order() {}

    static void report(Conversation with, Report report) {
        int shown = with.list().size();
        String where = shown == 1 ? "on the page" : "on the " + shown + " pages asked for";
        if (with.list().isAscending()) {
            report.ok("cursors ascend " + where + "; each page moves the stored cursor");
        } else {
            report.note(
                    "cursors " + (with.list().inOrder(Comparator.reverseOrder()) ? "descend " : "are in no order ")
                            + where + "; the stored cursor moves only when a run is through",
                    "have the API sort by the cursor, by a parameter in query");
        }
    }
}
