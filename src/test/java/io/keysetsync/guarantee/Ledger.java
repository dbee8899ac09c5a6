package io.keysetsync.guarantee;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.guarantee.Case.Change;
import io.keysetsync.guarantee.Case.Kind;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.FeedRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The live data of a case, with its history: every version of every record that the API ever had. */
final class Ledger {

    /**
     * A version of a record.
     *
     * @param number counts the versions of all records
     * @param instant what its cursor means; null if it has none
     * @param late whether, when it came, others had a cursor as great as this one's already, or its time was in a window
     *     that had been asked for
     */
    record Version(int number, String id, String name, @Nullable Instant instant, Kind kind, boolean late) {

        /** Whether its cursor can move the stream's. */
        boolean counts() {
            return instant != null && !instant.isAfter(Case.FUTURE);
        }
    }

    /** The later version of one record: by cursor, then by when it came; one without a cursor before all others. */
    static final Comparator<Version> BY_VERSION = Comparator.comparing(
                    Version::instant, Comparator.nullsFirst(Comparator.naturalOrder()))
            .thenComparing(Version::number);

    private final Case world;
    private final Feed feed = Feed.of();
    private final Map<String, List<Version>> current = new LinkedHashMap<>();
    private final Map<String, Version> byName = new LinkedHashMap<>();
    private final Map<Instant, Set<String>> texts = new HashMap<>();
    private int latestTick;
    private @Nullable Instant asked;

    Ledger(Case world) {
        this.world = world;
        for (int i = 0; i < world.feed().size(); i++) {
            Case.Entry entry = world.feed().get(i);
            boolean known = entry.again() < i && (entry.kind() == Kind.DATED || !hasUndated("k" + entry.again()));
            add("k" + (known ? entry.again() : i), entry.kind(), entry.tick(), entry.style(), false);
        }
    }

    Feed feed() {
        return feed;
    }

    /** Applies a change; gives how many versions of a record it took out of their places. */
    synchronized int change(Change change, int which) {
        String fresh = "n" + byName.size();
        List<String> known = List.copyOf(current.keySet());
        String some = known.isEmpty() ? fresh : known.get(which % known.size());
        int later = latestTick + 1;
        switch (change) {
            case ADD -> add(fresh, Kind.DATED, later, which, false);
            case ADD_VERSION -> add(some, Kind.DATED, later, which, false);
            case ADD_TIE -> add(fresh, Kind.DATED, latestTick, which, true);
            case ADD_LATE -> add(fresh, Kind.DATED, Math.max(0, latestTick - which % 5), which, true);
            case ADD_WITHOUT_CURSOR -> add(fresh, Kind.MISSING, 0, which, false);
            case MOVE, MOVE_TO_TIE -> {
                boolean future = current.getOrDefault(some, List.of()).stream().anyMatch(v -> v.kind() == Kind.FUTURE);
                if (!future) {
                    int takenOut = current.getOrDefault(some, List.of()).size();
                    replace(some, change == Change.MOVE ? later : latestTick, which, change == Change.MOVE_TO_TIE);
                    return takenOut;
                }
            }
        }
        return 0;
    }

    /** Notes up to which time a client has asked for records, in windows. */
    synchronized void asked(@Nullable Instant until) {
        asked = asked == null || (until != null && until.isAfter(asked)) ? until : asked;
    }

    private boolean hasUndated(String id) {
        return current.getOrDefault(id, List.of()).stream().anyMatch(version -> version.instant() == null);
    }

    private void add(String id, Kind kind, int tick, int style, boolean late) {
        feed.add(version(id, kind, tick, style, late));
    }

    private void replace(String id, int tick, int style, boolean late) {
        current.remove(id);
        feed.put(version(id, Kind.DATED, tick, style, late));
    }

    private FeedRecord version(String id, Kind kind, int tick, int style, boolean late) {
        JsonNode cursor = world.cursor(kind, tick, style);
        String name = id + " #" + byName.size();
        FeedRecord record = Case.record(id, cursor, name);
        Instant instant = record.instant().orElse(null);
        boolean wasAskedFor = asked != null && instant != null && !instant.isAfter(asked);
        Version version = new Version(byName.size(), id, name, instant, kind, late || wasAskedFor);
        byName.put(name, version);
        record.instant().ifPresent(time -> texts.computeIfAbsent(time, t -> new HashSet<>())
                .add(cursor.asText()));
        current.computeIfAbsent(id, key -> new ArrayList<>()).add(version);
        if (kind == Kind.DATED) {
            latestTick = Math.max(latestTick, tick);
        }
        return record;
    }

    /** The versions that the API has now, by id. */
    synchronized Map<String, List<Version>> current() {
        return new LinkedHashMap<>(current);
    }

    synchronized Version byName(String name) {
        return Objects.requireNonNull(byName.get(name), name);
    }

    /** The version that came last. */
    synchronized Version latest() {
        return byName.values().stream().reduce((earlier, later) -> later).orElseThrow();
    }

    /** The greatest cursor that is not in the future; null if there is none. */
    synchronized @Nullable Instant greatest() {
        return current.values().stream()
                .flatMap(List::stream)
                .filter(Version::counts)
                .map(Version::instant)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** The texts in which the API ever wrote this instant. */
    synchronized Set<String> texts(Instant instant) {
        return texts.getOrDefault(instant, Set.of());
    }

    /** The most versions that ever shared one place, as it is sent, and all that have no place of their own. */
    synchronized int widestTie() {
        Map<Instant, Integer> widths = new LinkedHashMap<>();
        byName.values().stream()
                .filter(version -> version.instant() != null)
                .forEach(version -> widths.merge(world.setup().sent().cut(version.instant()), 1, Integer::sum));
        return widths.values().stream().max(Comparator.naturalOrder()).orElse(0) + undated();
    }

    synchronized int undated() {
        return (int) byName.values().stream()
                .filter(version -> version.instant() == null)
                .count();
    }

    synchronized int future() {
        return (int) byName.values().stream()
                .filter(version -> version.kind() == Kind.FUTURE)
                .count();
    }

    /** Where the API serves a version: at its own time, or else right behind the version that came before it. */
    synchronized Instant place(Version version) {
        Instant place = Instant.MIN;
        for (Version other : byName.values()) {
            place = other.instant() == null ? place : other.instant();
            if (other.equals(version)) {
                break;
            }
        }
        return place;
    }

    /** Whether another version ever was where this one is. */
    synchronized boolean isTied(Version version) {
        Instant place = place(version);
        return byName.values().stream()
                .anyMatch(other -> !other.equals(version) && place(other).equals(place));
    }
}
