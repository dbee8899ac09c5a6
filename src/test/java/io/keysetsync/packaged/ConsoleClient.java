package io.keysetsync.packaged;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;

/** A program that has the link of a console, and asks it for JSON. */
final class ConsoleClient {

    private final URI link;

    private ConsoleClient(URI link) {
        this.link = link;
    }

    /** Waits for the console of a program that has been started. */
    static ConsoleClient of(Program program) {
        return new ConsoleClient(URI.create(await("the console's link")
                .atMost(Duration.ofSeconds(60))
                .until(() -> program.run("console").stdout().strip(), printed -> printed.contains("?token="))));
    }

    String get(String path) throws IOException, InterruptedException {
        return answer("GET", path);
    }

    String post(String path) throws IOException, InterruptedException {
        return answer("POST", path);
    }

    private String answer(String method, String path) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(link.resolve(path))
                .header("Authorization", link.getQuery().replace("token=", "Bearer "))
                .header("X-Requested-With", "keyset-sync")
                .method(method, BodyPublishers.noBody())
                .build();
        return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    }
}
