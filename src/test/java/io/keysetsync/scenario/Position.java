package io.keysetsync.scenario;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The place where a scroll continues: what a token stands for.
 *
 * @param pages pages with records so far
 * @param answers all answers so far
 * @param empties empty pages to serve before the next one with records
 * @param served records so far
 * @param last the last record served
 */
record Position(Scroll scroll, int pages, int answers, int empties, int served, @Nullable Row last) {

    static Position start(Scroll scroll, int empties) {
        return new Position(scroll, 0, 0, empties, 0, null);
    }

    Position afterEmptyPage() {
        return new Position(scroll, pages, answers + 1, empties - 1, served, last);
    }

    /** The same place in another scroll. */
    Position in(Scroll other) {
        return new Position(other, pages, answers, empties, served, last);
    }

    Position after(List<Row> page, int emptiesThen) {
        Row lastOfPage = page.isEmpty() ? last : page.get(page.size() - 1);
        return new Position(scroll, pages + 1, answers + 1, emptiesThen, served + page.size(), lastOfPage);
    }
}
