package io.keysetsync.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.temporal.ChronoField.ERA;
import static java.time.temporal.ChronoField.YEAR_OF_ERA;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * The users of the sample API, always in ascending order of {@code updatedAt}, and the pages that they are served in.
 *
 * <p>The users are the same after every start, until {@link #change()} is called. A page's token says only which
 * second the page ended with, and the next page starts after that second: users who share it, but did not fit on the
 * page, are skipped. That is the weakness against which {@code reanchor} helps.
 */
public class DemoUsers {

    private static final int PAGE_SIZE = 50;

    /**
     * The number of users that change together, and so share a second. The size of a page is a multiple of it, so that
     * pages which begin at the first user never separate them.
     */
    private static final int CHANGED_TOGETHER = 5;

    /** {@code YYYY-MM-DDTHH:MM:SSZ} and nothing else: no fraction, no other offset, no day that does not exist. */
    private static final DateTimeFormatter TIME = new DateTimeFormatterBuilder()
            .appendValue(YEAR_OF_ERA, 4)
            .appendPattern("-MM-dd'T'HH:mm:ss'Z'")
            .parseDefaulting(ERA, 1)
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT)
            .withZone(ZoneOffset.UTC);

    private final Clock clock;
    private final DemoPeople people = new DemoPeople();
    private List<DemoUser> users = List.of();

    public DemoUsers() {
        this(Clock.systemUTC());
    }

    public DemoUsers(Clock clock) {
        this.clock = clock;
    }

    /** The first page of all users. */
    public DemoPage everyone() {
        return page(user -> true);
    }

    /** The first page of the users that changed at the given time or later. */
    public DemoPage updatedSince(String time) {
        if (!time.endsWith("Z")) {
            throw new BadRequestException("Invalid date format for 'updated_since'. Must end with 'Z' for UTC");
        }
        try {
            Instant since = time(time);
            return page(user -> !time(user.updatedAt()).isBefore(since));
        } catch (DateTimeParseException e) {
            throw new BadRequestException("Invalid date format for 'updated_since'. Use 'YYYY-MM-DDTHH:MM:SSZ'");
        }
    }

    /** The page that follows the one with this token. */
    public DemoPage following(String token) {
        try {
            Instant end = time(new String(Base64.getDecoder().decode(token), UTF_8));
            return page(user -> time(user.updatedAt()).isAfter(end));
        } catch (IllegalArgumentException | DateTimeParseException e) {
            throw new BadRequestException("Invalid scroll_param value");
        }
    }

    /** Gives a new job, company and address to the users whose last change is the oldest; returns them. */
    public synchronized List<DemoUser> change() {
        List<DemoUser> before = users();
        Instant latest = time(before.get(before.size() - 1).updatedAt());
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String updatedAt = (now.isBefore(latest) ? latest : now).toString();

        List<DemoUser> changed = before.stream()
                .limit(CHANGED_TOGETHER)
                .map(user -> people.movedOn(user, updatedAt))
                .toList();
        List<DemoUser> after = new ArrayList<>(before.subList(CHANGED_TOGETHER, before.size()));
        after.addAll(changed);
        users = after;
        return changed;
    }

    private synchronized DemoPage page(Predicate<DemoUser> wanted) {
        List<DemoUser> found = users().stream().filter(wanted).toList();
        if (found.size() <= PAGE_SIZE) {
            return new DemoPage(found, null);
        }
        List<DemoUser> data = found.subList(0, PAGE_SIZE);
        return new DemoPage(data, token(data.get(PAGE_SIZE - 1)));
    }

    private List<DemoUser> users() {
        if (users.isEmpty()) {
            users = people.everyone();
        }
        return users;
    }

    private static String token(DemoUser last) {
        return Base64.getEncoder().encodeToString(last.updatedAt().getBytes(UTF_8));
    }

    private static Instant time(String text) {
        return TIME.parse(text, Instant::from);
    }
}
