package io.keysetsync.http;

import io.keysetsync.scenario.Fault;
import io.keysetsync.scenario.Feed;
import io.keysetsync.scenario.Request;
import io.keysetsync.scenario.Scenario;
import io.keysetsync.scenario.ScenarioApi;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Gives out tokens, knows which of them are good, and can revoke them. */
final class TokenServer implements AutoCloseable {

    private static final String FIRST = "tok-1~a.b+c/d==";

    private final String field;
    private final Set<String> good = ConcurrentHashMap.newKeySet();
    private final ScenarioApi server;

    /** @param field of the answer that has the token */
    TokenServer(String field) {
        this.field = field;
        server = scenario().start();
    }

    private Scenario scenario() {
        Scenario tokens = ScenarioApi.of(Feed.of());
        for (int i = 1; i < 10; i++) {
            String token = token(i);
            tokens = tokens.onRequest(i, answer(token)).onRequest(i, feed -> good.add(token));
        }
        return tokens;
    }

    private Fault answer(String token) {
        return Fault.json(200, "{\"%s\":\"%s\",\"token_type\":\"bearer\",\"expires_in\":3600}".formatted(field, token));
    }

    /** The token that the request with this number brings. */
    static String token(int number) {
        return FIRST.replace("1", Integer.toString(number));
    }

    /** Something else in place of the request with this number. */
    void onRequest(int number, Fault fault) {
        server.change(scenario -> scenario.onRequest(number, fault));
    }

    void always(Fault fault) {
        server.change(scenario -> scenario.always(fault));
    }

    void revokeAll() {
        good.clear();
    }

    /** An API that wants one of the good tokens behind this word. */
    Scenario protecting(Scenario api, String scheme) {
        return api.when(request -> !accepts(request, scheme), Fault.status(401, "WWW-Authenticate", scheme));
    }

    private boolean accepts(Request request, String scheme) {
        String header = request.header("Authorization");
        return header != null
                && header.startsWith(scheme + " ")
                && good.contains(header.substring(scheme.length() + 1));
    }

    String url() {
        return server.url("/token");
    }

    List<Request> requests() {
        return server.requests();
    }

    @Override
    public void close() {
        server.close();
    }
}
