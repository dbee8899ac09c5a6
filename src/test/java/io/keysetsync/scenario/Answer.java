package io.keysetsync.scenario;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import mockwebserver3.MockResponse;
import mockwebserver3.MockResponseBody;
import mockwebserver3.SocketEffect;
import okhttp3.Headers;
import okio.Buffer;
import okio.BufferedSink;
import okio.ByteString;
import okio.GzipSink;
import okio.Okio;

/** A response, and how it goes over the wire. */
record Answer(int status, Headers headers, ByteString body, Delivery delivery, Duration pace) {

    enum Delivery {
        WHOLE,
        CUT_MIDWAY,
        STALLED_MIDWAY,
        TRICKLED,
        STALLED,
        CLOSED,
        RESET
    }

    static Answer of(int status, String contentType, ByteString body) {
        Headers headers = Headers.of("Content-Type", contentType);
        return new Answer(status, headers, body, Delivery.WHOLE, Duration.ZERO);
    }

    static Answer json(int status, JsonNode body) {
        return of(status, "application/json", Json.bytes(body));
    }

    static Answer error(int status, String message) {
        return json(status, Json.object().put("error", message));
    }

    static Answer none(Delivery delivery) {
        return error(503, "never sent").delivered(delivery);
    }

    Answer header(String name, String value) {
        return new Answer(status, headers.newBuilder().set(name, value).build(), body, delivery, pace);
    }

    Answer body(ByteString other) {
        return new Answer(status, headers, other, delivery, pace);
    }

    Answer delivered(Delivery other) {
        return new Answer(status, headers, body, other, pace);
    }

    Answer trickled(Duration period) {
        return new Answer(status, headers, body, Delivery.TRICKLED, period);
    }

    Answer gzipped() {
        return header("Content-Encoding", "gzip").body(gzip(0, body));
    }

    boolean mayBeGzipped() {
        return headers.get("Content-Encoding") == null && body.size() > 0;
    }

    /** Compresses {@code plain} behind the given number of mebibytes of white space. */
    static ByteString gzip(int mebibytes, ByteString plain) {
        ByteString mebibyte = ByteString.encodeUtf8(mebibytes == 0 ? "" : " ".repeat(1 << 20));
        Buffer zipped = new Buffer();
        try (BufferedSink sink = Okio.buffer(new GzipSink(zipped))) {
            for (int i = 0; i < mebibytes; i++) {
                sink.write(mebibyte);
            }
            sink.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return zipped.readByteString();
    }

    /** @param over completed when the API closes or is reset, which ends what would otherwise never end */
    MockResponse response(CompletableFuture<Void> over) {
        MockResponse.Builder response =
                new MockResponse.Builder().code(status).headers(headers).body(new Buffer().write(body));
        switch (delivery) {
            case WHOLE -> {}
            case CUT_MIDWAY -> response.onResponseBody(new SocketEffect.CloseSocket());
            case STALLED_MIDWAY ->
                response.body(new HalfBody(body, over)).onResponseEnd(new SocketEffect.CloseSocket());
            case TRICKLED -> response.throttleBody(1, pace.toMillis(), TimeUnit.MILLISECONDS);
            case STALLED -> {
                over.join();
                response.onResponseStart(new SocketEffect.CloseSocket());
            }
            case CLOSED -> response.onResponseStart(new SocketEffect.CloseSocket());
            case RESET -> response.onResponseStart(LoopbackSockets.RESET);
        }
        return response.build();
    }

    private record HalfBody(ByteString body, CompletableFuture<Void> over) implements MockResponseBody {
        @Override
        public long getContentLength() {
            return body.size();
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            sink.write(body, 0, body.size() / 2).flush();
            over.join();
        }
    }
}
