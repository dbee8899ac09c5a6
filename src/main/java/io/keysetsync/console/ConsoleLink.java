package io.keysetsync.console;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.jspecify.annotations.Nullable;

/** Finds the console of the program that runs in this folder. */
public final class ConsoleLink {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int OK = 200;

    private final ConsoleSettings settings;
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();

    private ConsoleLink(ConsoleSettings settings) {
        this.settings = settings;
    }

    /**
     * The link of the console, by the settings of a context: with its token, unless it asks for a password.
     *
     * @return empty if no program of this folder runs, or if its console is off
     */
    public static Optional<String> find(CamelContext context) {
        return new ConsoleLink(ConsoleSettings.of(context)).find();
    }

    private Optional<String> find() {
        return settings.ports().stream()
                .map(this::linkOf)
                .flatMap(Optional::stream)
                .findFirst();
    }

    private Optional<String> linkOf(int port) {
        String address = settings.address(port);
        if (settings.hasPassword()) {
            String basic = Base64.getEncoder()
                    .encodeToString(("keyset-sync:" + settings.password()).getBytes(StandardCharsets.UTF_8));
            return isOurs(address, "Basic " + basic) ? Optional.of(address) : Optional.empty();
        }
        String token = TokenFile.read(settings, port);
        return token != null && isOurs(address, "Bearer " + token)
                ? Optional.of(address + "?token=" + token)
                : Optional.empty();
    }

    /** Whether the program that answers there is the one of this folder: others on the machine have consoles, too. */
    private boolean isOurs(String address, String authorization) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(address + "api/program"))
                .timeout(PATIENCE)
                .header("Authorization", authorization)
                .build();
        try {
            HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
            return answer.statusCode() == OK && ProgramApi.folder().equals(folder(answer.body()));
        } catch (IOException e) {
            return false; // nobody listens there, or no HTTP server does
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static @Nullable String folder(String body) {
        try {
            JsonNode folder = new JsonMapper().readTree(body).path("folder");
            return folder.textValue();
        } catch (JsonProcessingException e) {
            return null;
        }
    }
}
