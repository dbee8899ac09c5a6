package io.keysetsync.apis;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.keysetsync.apis.Call.Refusal;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import mockwebserver3.Dispatcher;
import mockwebserver3.MockResponse;
import mockwebserver3.MockWebServer;
import mockwebserver3.RecordedRequest;

/**
 * A real HTTP server that behaves as an API's documentation says: paging, filter, order, limits, errors, required
 * headers. Each API is a subclass of its own, with live records, and the changes that happen between two syncs.
 */
abstract class PlayedApi implements AutoCloseable {

    static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private final MockWebServer server = new MockWebServer();
    private final List<Call> calls = new ArrayList<>();
    private final List<String> refusals = new ArrayList<>();
    private final Map<String, ObjectNode> records = new TreeMap<>();

    PlayedApi() {
        server.setDispatcher(new Dispatcher() {
            @Override
            public MockResponse dispatch(RecordedRequest received) throws InterruptedException {
                server.takeRequest(0, TimeUnit.SECONDS); // the server's own record, which would only grow
                return respond(Call.of(received));
            }
        });
    }

    /** The heading of this API in docs/apis.md. */
    abstract String heading();

    /** The table's schema: its key, its cursor, and a field that tells the versions of a record apart. */
    abstract String schema();

    /** The fields of the schema that are compared with the table, each as the path in a record. */
    abstract List<String> compared();

    /** Settings that the stream's secrets name. */
    Map<String, String> settings() {
        return Map.of();
    }

    /** Answers a request; one at a time. */
    abstract Reply answer(Call call);

    /** Puts the records in place that there are before the first sync: more than a page of them. */
    abstract void populate();

    /** Changes some records, and adds some, as happens between two syncs. */
    abstract void change();

    /** Whether the API can filter by the cursor, so that the second sync asks for less. */
    boolean filters() {
        return true;
    }

    /** Whether there is a sync before the API has any records. */
    boolean beginsEmpty() {
        return false;
    }

    /** Whether the table keeps deleted records as rows that are marked. */
    boolean deletesSoftly() {
        return false;
    }

    final void put(String id, ObjectNode record) {
        records.put(id, record);
    }

    final void remove(String id) {
        records.remove(id);
    }

    /** The live records by their ids. */
    final Map<String, ObjectNode> records() {
        return records;
    }

    /** The records that the table has to hold. */
    List<ObjectNode> truth() {
        return List.copyOf(records.values());
    }

    final PlayedApi start() throws IOException {
        server.start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0);
        if (!beginsEmpty()) {
            populate();
        }
        return this;
    }

    final String origin() {
        return "http://127.0.0.1:" + server.getPort();
    }

    /** The requests so far. */
    final synchronized List<Call> calls() {
        return List.copyOf(calls);
    }

    /**
     * Why requests were refused, which an example's requests must never be: a run starts over after some refusals, and so
     * hides them. A fault that the API is meant to have is a {@link Reply#status} instead.
     */
    final synchronized List<String> refusals() {
        return List.copyOf(refusals);
    }

    private synchronized MockResponse respond(Call call) {
        calls.add(call);
        Reply reply;
        try {
            reply = answer(call);
        } catch (Refusal refusal) {
            refusals.add(refusal.getMessage());
            reply = Reply.status(refusal.status(), error(refusal.getMessage()));
        }
        MockResponse.Builder response = new MockResponse.Builder().code(reply.status());
        response.setHeader("Content-Type", "application/json");
        reply.headers().forEach(response::addHeader);
        return response.body(reply.body() == null ? "" : reply.body().toString())
                .build();
    }

    /** How the API writes an error. */
    JsonNode error(String message) {
        return object().put("error", message);
    }

    static ObjectNode object() {
        return JSON.objectNode();
    }

    static ArrayNode array(List<? extends JsonNode> elements) {
        return JSON.arrayNode().addAll(elements);
    }

    /** A part of a list, from an index on. */
    static <T> List<T> page(List<T> all, int from, int size) {
        return all.subList(Math.min(from, all.size()), Math.min(from + size, all.size()));
    }

    @Override
    public void close() {
        server.close();
    }
}
