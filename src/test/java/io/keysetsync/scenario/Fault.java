package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.scenario.Answer.Delivery;
import java.time.Duration;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import okio.Buffer;
import okio.ByteString;

/**
 * What happens to a request instead of the ordinary answer. Some faults replace the answer, so that the API never hears
 * of the request; others spoil it on its way back, after the API has, say, used up a token that can be used once.
 */
public final class Fault {
    private final String name;
    private final BiFunction<Scenario, Supplier<Answer>, Answer> effect;

    private Fault(String name, BiFunction<Scenario, Supplier<Answer>, Answer> effect) {
        this.name = name;
        this.effect = effect;
    }

    /** No fault: exempts a request from an earlier rule. */
    public static Fault none() {
        return spoiling("none", answer -> answer);
    }

    /** A status with an error body in JSON, and headers given as name, value, name, value. */
    public static Fault status(int status, String... headers) {
        Answer answer = Answer.error(status, "Status " + status);
        for (int i = 0; i < headers.length; i += 2) {
            answer = answer.header(headers[i], headers[i + 1]);
        }
        return replacing("status " + status + " " + String.join(" ", headers), answer);
    }

    /** Any other answer. */
    public static Fault body(int status, String contentType, String body) {
        return replacing("body " + status, Answer.of(status, contentType, ByteString.encodeUtf8(body)));
    }

    /** An answer in JSON, such as a login's {@code {"token":"…"}}. */
    public static Fault json(int status, String json) {
        return body(status, "application/json", json);
    }

    /** A page for humans under status 200, as a proxy or an expired login sends it. */
    public static Fault html() {
        return body(200, "text/html", "<!DOCTYPE html><html><body>Please sign in</body></html>");
    }

    /** Text that is not JSON, although its head says so. */
    public static Fault notJson() {
        return json(200, "upstream connect error");
    }

    /** Nothing, under status 200. */
    public static Fault emptyBody() {
        return json(200, "");
    }

    /** An error under status 200, without records or token. */
    public static Fault errorBodyUnder200() {
        return json(200, "{\"error\":{\"code\":\"internal\",\"message\":\"Something went wrong\"}}");
    }

    /** A redirect (302) to an absolute or relative URL. */
    public static Fault redirect(String url) {
        return redirect(302, url);
    }

    /** A redirect with another status: 301, 303, 307, 308. */
    public static Fault redirect(int status, String url) {
        return status(status, "Location", url);
    }

    /** The connection is reset before any answer. */
    public static Fault resetConnection() {
        return replacing("resetConnection", Answer.none(Delivery.RESET));
    }

    /** The connection is closed in good order, but without an answer. Many clients try again by themselves then. */
    public static Fault closeConnection() {
        return replacing("closeConnection", Answer.none(Delivery.CLOSED));
    }

    /** No answer comes. */
    public static Fault stall() {
        return replacing("stall", Answer.none(Delivery.STALLED));
    }

    /** The head and one half of the body come, then nothing more. */
    public static Fault stallMidway() {
        return spoiling("stallMidway", answer -> answer.delivered(Delivery.STALLED_MIDWAY));
    }

    /** The connection ends in the middle of the body, short of its {@code Content-Length}. */
    public static Fault truncatedBody() {
        return spoiling("truncatedBody", answer -> answer.delivered(Delivery.CUT_MIDWAY));
    }

    /** One half of the JSON under a {@code Content-Length} that agrees with it: only its syntax tells. */
    public static Fault truncatedJson() {
        return spoiling(
                "truncatedJson",
                answer -> answer.body(answer.body().substring(0, answer.body().size() / 2)));
    }

    /** The body comes byte by byte, one in 50 milliseconds. */
    public static Fault trickle() {
        return trickle(Duration.ofMillis(50));
    }

    /** The body comes byte by byte. */
    public static Fault trickle(Duration period) {
        return spoiling("trickle " + period, answer -> answer.trickled(period));
    }

    /**
     * A page whose records' field is missing. Its token continues behind the records, so that they are lost to this
     * scroll.
     */
    public static Fault missingRecords() {
        return new Fault(
                "missingRecords",
                (scenario, ordinary) ->
                        withRecords(scenario, ordinary.get(), Json.object(), JsonNodeFactory.instance.missingNode()));
    }

    /**
     * A page whose records are {@code null}. Its token continues behind the records, so that they are lost to this
     * scroll.
     */
    public static Fault nullRecords() {
        JsonNode nothing = JsonNodeFactory.instance.nullNode();
        return new Fault(
                "nullRecords", (scenario, ordinary) -> withRecords(scenario, ordinary.get(), nothing, nothing));
    }

    /** A page that says it is compressed, and whose compressed data is damaged. */
    public static Fault brokenGzip() {
        return spoiling("brokenGzip", answer -> {
            byte[] zipped = Answer.gzip(0, answer.body()).toByteArray();
            for (int i = zipped.length / 2; i < zipped.length; i++) {
                zipped[i] ^= 0x55;
            }
            return answer.header("Content-Encoding", "gzip").body(ByteString.of(zipped));
        });
    }

    /** A page behind the given number of mebibytes of white space, compressed to a thousandth of that. */
    public static Fault gzipBomb(int mebibytes) {
        return spoiling("gzipBomb " + mebibytes, answer -> answer.header("Content-Encoding", "gzip")
                .body(Answer.gzip(mebibytes, answer.body())));
    }

    /** A page behind the given number of mebibytes of white space, uncompressed. */
    public static Fault oversized(int mebibytes) {
        return spoiling(
                "oversized " + mebibytes,
                answer -> answer.body(new Buffer()
                        .writeUtf8(" ".repeat(mebibytes << 20))
                        .write(answer.body())
                        .readByteString()));
    }

    Answer apply(Scenario scenario, Supplier<Answer> ordinary) {
        return effect.apply(scenario, ordinary);
    }

    @Override
    public String toString() {
        return name;
    }

    private static Fault replacing(String name, Answer answer) {
        return new Fault(name, (scenario, ordinary) -> answer);
    }

    private static Fault spoiling(String name, UnaryOperator<Answer> spoil) {
        return new Fault(name, (scenario, ordinary) -> spoil.apply(ordinary.get()));
    }

    private static Answer withRecords(Scenario scenario, Answer page, JsonNode bareBody, JsonNode records) {
        if (page.status() != 200) {
            return page;
        }
        if (!(Json.parse(page.body()) instanceof ObjectNode body)) {
            return page.body(Json.bytes(bareBody));
        }
        Json.set(body, scenario.recordsField(), records);
        return page.body(Json.bytes(body));
    }
}
