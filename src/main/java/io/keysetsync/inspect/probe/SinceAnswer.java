package io.keysetsync.inspect.probe;

import io.keysetsync.cursor.Position;
import io.keysetsync.paging.Page;
import java.util.List;
import java.util.stream.Stream;

/**
 * The answer to a request for all records since the cursor of a known record.
 *
 * @param pivot the cursor of the known record
 * @param sent the cursor as it was sent, which may be earlier
 * @param older how many records of the answer are older than what was sent
 */
record SinceAnswer(Page page, Position pivot, Position sent, long older, Verdict verdict) {

    enum Verdict {
        /** The known record is there. */
        INCLUSIVE,
        /** The known record is missing, and later ones are there. */
        STRICT,
        /** The list's first page came again, although records of it are older. */
        IGNORED,
        /** The known record is missing, and so are all later ones that the list has shown. */
        GAP,
        UNKNOWN
    }

    static SinceAnswer of(Conversation with, Position pivot, Position sent, Page page) {
        long older = page.positions().stream()
                .filter(position -> position.compareTo(sent) < 0)
                .count();
        return new SinceAnswer(page, pivot, sent, older, verdict(with, pivot, page, older));
    }

    private static Verdict verdict(Conversation with, Position pivot, Page page, long older) {
        Listing list = with.list();
        if (older > 0 && page.records().equals(list.page(0).records())) {
            return Verdict.IGNORED;
        }
        if (!with.at(pivot, page).isEmpty()) {
            return Verdict.INCLUSIVE;
        }
        List<Position> later = list.pages().stream()
                .limit(list.isAscending() ? 2 : 1)
                .flatMap(each -> each.positions().stream())
                .filter(position -> position.compareTo(pivot) > 0)
                .toList();
        if (later.isEmpty()) {
            return page.received() == 0 ? Verdict.STRICT : Verdict.UNKNOWN;
        }
        boolean hasLater =
                page.positions().stream().anyMatch(one -> later.stream().anyMatch(each -> each.compareTo(one) == 0));
        if (hasLater) {
            return Verdict.STRICT;
        }
        return list.isAscending() || page.received() == 0 ? Verdict.GAP : Verdict.UNKNOWN;
    }

    /** Whether the filter has kept what it should. */
    boolean isFiltered() {
        return verdict == Verdict.INCLUSIVE || verdict == Verdict.STRICT;
    }

    /** The position before which no record of the scroll that the answer begins should be. */
    Position floor() {
        return Stream.concat(Stream.of(sent), page.positions().stream())
                .min(Position::compareTo)
                .orElse(sent);
    }
}
