package io.keysetsync.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import io.keysetsync.Errors;
import io.keysetsync.RetryableException;
import io.keysetsync.SyncException;
import io.keysetsync.TerminalException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.client5.http.utils.DateUtils;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.HttpStatus;
import org.apache.hc.core5.http.message.BasicHeader;
import org.jspecify.annotations.Nullable;

/**
 * The reason why an attempt at a page failed: a passing or a lasting fault.
 *
 * @param error retryable or terminal
 * @param status of the answer; 0 if the status is not the reason
 */
public record Failure(SyncException error, int status) {

    /** Statuses of passing faults: RFC 9110 (408, 5xx), RFC 8470 (425), RFC 6585 (429). */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504);

    private static final Set<Integer> TOKEN_REFUSED = Set.of(400, 404, 410);

    /**
     * Makes a failure of an error.
     *
     * @param what the stream and the request, for the message
     * @param now the current time, from which the wait until a {@code Retry-After} date is counted
     */
    public static Failure of(Throwable error, String what, Instant now) {
        SyncException known = Errors.known(error);
        if (known != null) {
            return new Failure(known, 0);
        }
        if (error instanceof HttpOperationFailedException http) {
            return ofStatus(
                    http.getHttpResponseCode(),
                    http.getStatusText(),
                    retryAfter(http.getResponseHeaders(), now),
                    what,
                    "check the url, the query and the credentials");
        }
        if (error instanceof StreamConstraintsException) {
            return passing(what + ": the response exceeds a limit: " + Errors.message(error), error);
        }
        if (error instanceof JsonProcessingException json) {
            return passing(what + ": the response is not JSON: " + Errors.firstLine(json.getOriginalMessage()), error);
        }
        if (error instanceof IOException) {
            String distrust = TlsRefusal.explanation(error);
            return distrust == null
                    ? passing(
                            what + ": " + Errors.describe(error) + "; check that the API is up and the url is right",
                            error)
                    : new Failure(new TerminalException(what + ": " + distrust, error), 0);
        }
        return new Failure(new TerminalException(what + ": " + Errors.describe(error), error), 0);
    }

    /** Whether the status is one by which an API refuses a scroll token (rule 8). */
    public boolean refusesToken() {
        return TOKEN_REFUSED.contains(status);
    }

    /** Whether the status is the one by which an API refuses credentials (RFC 9110, 15.5.2). */
    public boolean refusesCredentials() {
        return status == HttpStatus.SC_UNAUTHORIZED;
    }

    /** How long the API asked to wait; null if the API did not ask. */
    public @Nullable Duration retryAfter() {
        return error instanceof RetryableException passing ? passing.retryAfter() : null;
    }

    private static Failure passing(String message, Throwable error) {
        return new Failure(new RetryableException(message, error), 0);
    }

    /**
     * Makes a failure of an answer's status.
     *
     * @param retryAfter how long the answer asks to wait; null if it does not ask
     * @param check what to do about a lasting fault
     */
    static Failure ofStatus(
            int status, @Nullable String reason, @Nullable Duration retryAfter, String what, String check) {
        String message = what + ": the API answered HTTP " + status + (reason == null ? "" : " " + reason);
        SyncException kind = PASSING.contains(status)
                ? new RetryableException(message, null, retryAfter)
                : new TerminalException(message + "; " + check);
        return new Failure(kind, status);
    }

    private static @Nullable Duration retryAfter(@Nullable Map<String, String> headers, Instant now) {
        return headers == null
                ? null
                : headers.entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase(HttpHeaders.RETRY_AFTER))
                        .findFirst()
                        .map(header -> retryAfter(new BasicHeader(header.getKey(), header.getValue()), now))
                        .orElse(null);
    }

    /** {@code Retry-After} (RFC 9110, 10.2.3), which is seconds or a date; null if the header is neither. */
    static @Nullable Duration retryAfter(@Nullable Header header, Instant now) {
        String value = header == null ? "" : header.getValue().trim();
        if (value.matches("\\d{1,9}")) {
            return Duration.ofSeconds(Long.parseLong(value));
        }
        Instant date = DateUtils.parseStandardDate(value);
        if (date == null) {
            return null;
        }
        return date.isAfter(now) ? Duration.between(now, date) : Duration.ZERO;
    }
}
