package io.keysetsync.http;

import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;

/**
 * Limits a stream's requests per second, evenly spread. Camel's EIP {@code throttle} can't be switched off, and does
 * not stop waiting when the program stops; so a library does only the arithmetic, and the run does the waiting.
 */
public final class RateLimit {

    private static final Duration NO_TIMEOUT = Duration.ofDays(1000);

    private final RateLimiter limiter;

    /** @param perSecond more than 0; 0.5 is one request in two seconds */
    public RateLimit(double perSecond) {
        limiter = RateLimiter.of(
                "keyset-sync",
                RateLimiterConfig.custom()
                        .limitForPeriod(1)
                        .limitRefreshPeriod(Duration.ofNanos(Math.max(1, (long) (1e9 / perSecond))))
                        .timeoutDuration(NO_TIMEOUT)
                        .build());
    }

    /** Reserves the next free slot, and returns the time until that slot. */
    public Duration untilNext() {
        return Duration.ofNanos(Math.max(0, limiter.reservePermission()));
    }
}
