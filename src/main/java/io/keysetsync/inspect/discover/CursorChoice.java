package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.cursor.CursorFormat;
import io.keysetsync.cursor.Position;
import io.keysetsync.cursor.Position.TimePosition;
import io.keysetsync.inspect.discover.Found.Sureness;
import io.keysetsync.record.FieldPath;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the cursor among the times that records have: by what its name says, and by how its values move from record to
 * record.
 */
final class CursorChoice {

    private static final int MAX_DEPTH = 3;
    private static final int FEW = 3;

    /** Points below which a time is no better than another one. */
    private static final double MARGIN = 0.6;

    private static final double SURE = 6;

    private static final Pattern CHANGE =
            Pattern.compile("updat|modif|modstamp|(?<!ex)chang|edited|lastedit|touched|mutat|revis|mtime");
    private static final Pattern CREATION =
            Pattern.compile("creat|insert|added|register|joined|signup|publish|received|submitted|ctime");
    /** Times of something else than a change of the record: some of them are in the future. */
    private static final Pattern OTHER =
            Pattern.compile("due|start|end|expir|schedul|delet|clos|ship|deliver|paid|cancel"
                    + "|archiv|resolv|complet|valid|until|birth|born|sync|seen|login|viewed|opened|activ");

    private static final Pattern TIME_NAME = Pattern.compile(
            ".*(updat|modif|chang|creat|time|date|stamp|_at$|At$|_on$|On$|_ts$|^ts$|edited).*",
            Pattern.CASE_INSENSITIVE);
    private static final Pattern DIGITS = Pattern.compile("-?\\d+(\\.\\d+)?");
    private static final Instant FIRST_EPOCH = Instant.parse("1990-01-01T00:00:00Z");

    private final List<JsonNode> records;
    private final CursorFormat format;
    private final Instant now;
    private final List<Candidate> candidates = new ArrayList<>();

    /** A time that all or some records have. */
    private record Candidate(String path, double points, List<String> signs) {}

    private CursorChoice(List<JsonNode> records, CursorFormat format, Instant now) {
        this.records = records;
        this.format = format;
        this.now = now;
    }

    /**
     * The cursor of records in the order in which the API lists them.
     *
     * @param format how cursors are read
     * @throws UndecidedException if there is none, or if several are as likely
     */
    static Found among(List<JsonNode> records, CursorFormat format, Instant now) {
        return new CursorChoice(records, format, now).choice();
    }

    private Found choice() {
        Set<String> paths = new LinkedHashSet<>();
        records.forEach(record -> collect(record, "", 0, paths));
        paths.forEach(this::examine);
        List<Candidate> best = candidates.stream()
                .filter(candidate -> candidate.points() > 0)
                .sorted(Comparator.comparingDouble(Candidate::points).reversed())
                .toList();
        if (best.isEmpty()) {
            throw new UndecidedException("the records have no time that can be the cursor"
                    + (candidates.isEmpty() ? "" : "; unlikely: " + paths(candidates))
                    + "; name the cursor by -p cursorField=PATH, and an ever growing number or text also by"
                    + " -p cursorType=number or text");
        }
        Candidate first = best.get(0);
        List<Candidate> equals = best.stream()
                .filter(other -> first.points() - other.points() < MARGIN)
                .toList();
        if (equals.size() > 1) {
            throw new UndecidedException("the cursor may be " + paths(equals) + "; name the one that changes with each"
                    + " change of a record, as in -p cursorField=" + first.path());
        }
        boolean isOfChange = CHANGE.matcher(last(first.path())).find();
        Sureness sureness = first.points() >= SURE ? Sureness.SURE : isOfChange ? Sureness.LIKELY : Sureness.GUESS;
        String but = isOfChange ? "" : "; a record that changes later is not read again unless this time changes, too";
        return new Found("cursor", first.path(), sureness, String.join(", ", first.signs()) + but);
    }

    private static String paths(List<Candidate> some) {
        return some.stream().map(Candidate::path).collect(Collectors.joining(" or "));
    }

    private void collect(JsonNode node, String path, int depth, Set<String> paths) {
        node.properties().forEach(member -> {
            String at = FieldPath.child(path, member.getKey());
            JsonNode value = member.getValue();
            if (value.isObject() && depth + 1 < MAX_DEPTH) {
                collect(value, at, depth + 1, paths);
            } else if (isTime(member.getKey(), value)) {
                paths.add(at);
            }
        });
    }

    /** A number is a time only if its name says so, and the time is one of our days. */
    private boolean isTime(String name, JsonNode value) {
        if (!value.isValueNode() || !(format.read(value) instanceof TimePosition time)) {
            return false;
        }
        boolean isCounted = value.isNumber() || DIGITS.matcher(value.asText()).matches();
        return !isCounted
                || (TIME_NAME.matcher(name).matches()
                        && time.instant().isAfter(FIRST_EPOCH)
                        && time.instant().isBefore(now.plus(Duration.ofDays(3650))));
    }

    private void examine(String path) {
        FieldPath field = FieldPath.of(path);
        List<Position> values = new ArrayList<>();
        int missing = 0;
        for (JsonNode record : records) {
            Position position = format.read(field.in(record));
            if (position == null) {
                missing++;
            } else {
                values.add(position);
            }
        }
        List<String> signs = new ArrayList<>();
        double points = name(last(path), signs) - (path.split("\\.").length - 1) * 0.5;
        if (last(path).matches(".*(gmt|utc).*")) {
            points += 1; // beside the same time in some local time
        }
        if (missing > 0) {
            points -= 3;
            signs.add("missing in " + missing + " of " + records.size() + " records");
        }
        points += movement(values, signs);
        if (values.stream().anyMatch(this::isAhead)) {
            points -= 3;
            signs.add("some in the future");
        }
        if (values.stream()
                .allMatch(value -> value.text().length() <= "2026-01-01".length()
                        && value.text().contains("-"))) {
            points -= 1;
            signs.add("dates without a time of day");
        }
        candidates.add(new Candidate(path, points, signs));
    }

    private static double name(String name, List<String> signs) {
        if (CHANGE.matcher(name).find()) {
            signs.add("named like a time of change");
            return 5;
        }
        if (CREATION.matcher(name).find()) {
            signs.add("named like a time of creation");
            return 1;
        }
        if (OTHER.matcher(name).find()) {
            return 0;
        }
        signs.add("a time");
        return 2;
    }

    private double movement(List<Position> values, List<String> signs) {
        boolean stands = values.stream().distinct().count() == 1;
        if (stands && values.size() >= FEW) {
            signs.add("the same in all records");
            return -4;
        }
        if (stands) {
            return 0;
        }
        if (isInOrder(values, Comparator.naturalOrder())) {
            signs.add("grows over " + values.size() + " records");
            return 2;
        }
        if (isInOrder(values, Comparator.reverseOrder())) {
            signs.add("falls over " + values.size() + " records, the newest first");
            return 1;
        }
        return 0;
    }

    private static boolean isInOrder(List<Position> values, Comparator<Position> order) {
        for (int i = 1; i < values.size(); i++) {
            if (order.compare(values.get(i - 1), values.get(i)) > 0) {
                return false;
            }
        }
        return true;
    }

    private boolean isAhead(@Nullable Position position) {
        return position instanceof TimePosition time && time.instant().isAfter(now.plus(Duration.ofMinutes(5)));
    }

    private static String last(String path) {
        return path.substring(Math.max(path.lastIndexOf('.'), path.lastIndexOf('[')) + 1)
                .toLowerCase(Locale.ROOT);
    }
}
