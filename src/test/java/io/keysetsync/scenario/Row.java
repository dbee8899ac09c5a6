package io.keysetsync.scenario;

import java.time.Instant;
import java.util.Comparator;

/**
 * A record in its place.
 *
 * @param number tells rows of one time apart; a changed record keeps its number
 * @param place the record's own time; of a record without one, the time of the record put before it
 * @param readable whether the place is the record's own time
 */
record Row(long number, Instant place, boolean readable, FeedRecord record) {
    static final Comparator<Row> BY_PLACE = Comparator.comparing(Row::place);
    static final Comparator<Row> BY_NUMBER = Comparator.comparingLong(Row::number);

    /** The later version of one record; one without a readable cursor is earlier than any other. */
    static final Comparator<Row> BY_VERSION =
            Comparator.comparing(Row::readable).thenComparing(BY_PLACE).thenComparing(BY_NUMBER);

    /** Random, but the same each time; equal for two versions of one record and time, which keep their order so. */
    long shuffleKey(long seed) {
        long key = (seed * 31 + record.id().hashCode()) * 31 + place.hashCode();
        key = (key ^ (key >>> 30)) * 0xBF58476D1CE4E5B9L;
        key = (key ^ (key >>> 27)) * 0x94D049BB133111EBL;
        return key ^ (key >>> 31);
    }
}
