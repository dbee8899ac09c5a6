package io.keysetsync.http;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * How fast a stream may ask: so many requests a second, evenly spread. Camel's EIP {@code throttle} can't be off, and its
 * waits don't end when the program stops; so only the arithmetic is a library's, and the wait is the stream's own.
 */
public final class RateLimit {

    private static final Duration FOR_EVER = Duration.ofDays(1000);

    private final RateLimiter limiter;

    /** @param perSecond more than 0; 0.5 is one request in two seconds */
    public RateLimit(double perSecond) {
        limiter = RateLimiter.of(
                "keyset-sync",
                RateLimiterConfig.custom()
                        .limitForPeriod(1)
                        .limitRefreshPeriod(Duration.ofNanos(Math.max(1, (long) (1e9 / perSecond))))
                        .timeoutDuration(FOR_EVER)
                        .build());
    }

    /** Takes the next free moment, and tells how far off it is. */
    public Duration untilNext() {
        return Duration.ofNanos(Math.max(0, limiter.reservePermission()));
    }
}
