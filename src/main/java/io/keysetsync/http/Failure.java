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
import java.util.Objects;
import java.util.Set;
import org.apache.camel.http.base.HttpOperationFailedException;
import org.apache.hc.core5.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/**
 * The reason why an attempt at a page failed: a passing or a lasting fault.
 *
 * @param error retryable or terminal
 * @param status of the answer; 0 if the status is not the reason
 */
public record Failure(SyncException error, int status) {

    /**
     * Statuses of passing faults: RFC 9110 (408, 5xx), RFC 8470 (425), RFC 6585 (429), and those of hosters and of
     * content delivery networks (509 to 529).
     */
    private static final Set<Integer> PASSING = Set.of(408, 425, 429, 500, 502, 503, 504, 509, 520, 521, 522, 524, 529);

    private static final Set<Integer> TOKEN_REFUSED = Set.of(400, 404, 410, 422);

    /**
     * Makes a failure of an error.
     *
     * @param what the stream and the request, for the message
     * @param now the current time, from which the wait until a date is counted
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
                    Objects.requireNonNullElse(http.getResponseHeaders(), Map.of()),
                    now,
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
                    ? passing(what + ": " + Errors.describe(error) + "; " + TlsRefusal.whatToCheck(error), error)
                    : new Failure(new TerminalException(what + ": " + distrust, error), 0);
        }
        return new Failure(new TerminalException(what + ": " + Errors.describe(error), error), 0);
    }

    /**
     * This failure, with the answer in its message if the answer came, but could not be understood (rule 9).
     *
     * @param answer status, type and length; empty if no answer came
     */
    public Failure withAnswer(String answer) {
        return answer.isEmpty() || status != 0 || !(error instanceof RetryableException)
                ? this
                : passing(error.getMessage() + " (" + answer + ")", error);
    }

    /** Whether the status is one by which an API refuses a scroll token (rule 8). */
    public boolean refusesToken() {
        return TOKEN_REFUSED.contains(status);
    }

    /** Whether the status is the one by which an API refuses credentials (RFC 9110, 15.5.2). */
    public boolean refusesCredentials() {
        return status == HttpStatus.SC_UNAUTHORIZED;
    }

    /** Whether the status says that there is nothing at the URL. */
    public boolean isNotFound() {
        return status == HttpStatus.SC_NOT_FOUND;
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
     * @param check what to do about a lasting fault
     */
    static Failure ofStatus(
            int status, @Nullable String reason, Map<String, String> headers, Instant now, String what, String check) {
        RetryAfter limit = new RetryAfter(headers);
        boolean isRateLimit =
                status == HttpStatus.SC_FORBIDDEN && (limit.isRateLimit() || RetryAfter.namesRateLimit(reason));
        String message = what + ": the API answered HTTP " + status + (reason == null ? "" : " " + reason);
        SyncException kind = isRateLimit || PASSING.contains(status)
                ? new RetryableException(message, null, limit.from(now))
                : new TerminalException(message + "; " + check);
        return new Failure(kind, status);
    }
}
