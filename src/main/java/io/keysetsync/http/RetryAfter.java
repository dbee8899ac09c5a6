package io.keysetsync.http;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hc.client5.http.utils.DateUtils;
import org.jspecify.annotations.Nullable;

/**
 * What an answer says of the API's rate limit: how long to wait, and whether the limit is the reason of a refusal.
 *
 * <p>{@code Retry-After} counts first (RFC 9110, 10.2.3); otherwise the reset of the limit that has nothing left, of
 * several the latest. A limit is a pair such as {@code X-RateLimit-Remaining} and {@code X-RateLimit-Reset}, with any
 * prefix and further words, or a part of the IETF's header {@code RateLimit}.
 */
final class RetryAfter {

    private static final Pattern NUMBER = Pattern.compile("[+-]?[0-9]{1,20}(?:\\.[0-9]{0,20})?");

    private static final Pattern RATE_LIMIT = Pattern.compile("rate.?limit", Pattern.CASE_INSENSITIVE);

    /** {@code limit=9, remaining=0, reset=30} (draft 7) or {@code "policy";r=0;t=30} (draft 8 and later). */
    private static final Pattern REMAINING_PART = Pattern.compile("\\b(?:remaining|r)\\s*=\\s*([0-9]+)");

    private static final Pattern RESET_PART = Pattern.compile("\\b(?:reset|t)\\s*=\\s*([0-9]+)");

    /** From here on a number is no wait in seconds, but seconds of the epoch: three years, or the year 1973. */
    private static final BigDecimal EPOCH_SECONDS = BigDecimal.valueOf(100_000_000);

    /** From here on a number is milliseconds of the epoch. */
    private static final BigDecimal EPOCH_MILLIS = BigDecimal.valueOf(100_000_000_000L);

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private final Map<String, String> headers = new TreeMap<>();

    /** The resets of limits that have nothing left; empty texts if a limit has none. */
    private final List<String> resets = new ArrayList<>();

    /** @param headers by name, in any case */
    RetryAfter(Map<String, String> headers) {
        headers.forEach((name, value) -> this.headers.put(name.toLowerCase(Locale.ROOT), value.trim()));
        this.headers.forEach(this::addPair);
        addParts(this.headers.getOrDefault("ratelimit", ""));
    }

    private void addPair(String name, String remaining) {
        if (RATE_LIMIT.matcher(name).find() && name.contains("-remaining") && isUsedUp(remaining)) {
            String reset = headers.get(name.replace("-remaining", "-reset"));
            String after = headers.get(name.replace("-remaining", "-reset-after"));
            resets.add(Objects.requireNonNullElse(after, Objects.requireNonNullElse(reset, "")));
        }
    }

    private void addParts(String value) {
        for (String limit : value.contains("remaining") ? new String[] {value} : value.split(",", -1)) {
            Matcher remaining = REMAINING_PART.matcher(limit);
            if (remaining.find() && isUsedUp(remaining.group(1))) {
                Matcher reset = RESET_PART.matcher(limit);
                resets.add(reset.find() ? reset.group(1) : "");
            }
        }
    }

    private static boolean isUsedUp(String remaining) {
        return NUMBER.matcher(remaining).matches() && new BigDecimal(remaining).signum() <= 0;
    }

    /** Whether a text says that a rate limit is exceeded, such as {@code userRateLimitExceeded}. */
    static boolean namesRateLimit(@Nullable String text) {
        return text != null && RATE_LIMIT.matcher(text).find();
    }

    /** Whether the headers say that a rate limit is the reason of a refusal. */
    boolean isRateLimit() {
        return headers.containsKey("retry-after") || !resets.isEmpty();
    }

    /** How long the API asks to wait from now on, never negative; null if it does not ask. */
    @Nullable
    Duration from(Instant now) {
        Duration longest = until(headers.getOrDefault("retry-after", ""), now);
        if (longest != null) {
            return longest;
        }
        for (String reset : resets) {
            Duration wait = until(reset, now);
            longest = longest == null || (wait != null && wait.compareTo(longest) > 0) ? wait : longest;
        }
        return longest;
    }

    /** The time until a moment that is given as seconds from now, as a time of the epoch or as a date. */
    private static @Nullable Duration until(String text, Instant now) {
        Instant moment = NUMBER.matcher(text).matches() ? moment(new BigDecimal(text), now) : date(text);
        if (moment == null) {
            return null;
        }
        return moment.isAfter(now) ? Duration.between(now, moment) : Duration.ZERO;
    }

    private static Instant moment(BigDecimal number, Instant now) {
        boolean isWait = number.compareTo(EPOCH_SECONDS) < 0;
        BigDecimal millis = number.compareTo(EPOCH_MILLIS) < 0 ? number.multiply(THOUSAND) : number;
        long whole = millis.min(BigDecimal.valueOf(Long.MAX_VALUE / 2))
                .max(BigDecimal.ZERO)
                .setScale(0, RoundingMode.CEILING)
                .longValue();
        return isWait ? now.plusMillis(whole) : Instant.ofEpochMilli(whole);
    }

    /** A date of HTTP, or of RFC 3339 as some resets have it. */
    private static @Nullable Instant date(String text) {
        try {
            return text.endsWith("Z") ? Instant.parse(text) : DateUtils.parseStandardDate(text);
        } catch (DateTimeException e) {
            return null;
        }
    }
}
