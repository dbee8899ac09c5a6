package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.SyncException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an API has answered to one request.
 *
 * @param body null if there is no answer, or none in JSON
 * @param nextLink of the header {@code Link}; null if there is none
 * @param error why there is no body; null if there is one
 * @param isRefused whether the API refused what was asked for, and not the credentials
 */
record Reply(@Nullable JsonNode body, @Nullable String nextLink, @Nullable SyncException error, boolean isRefused) {

    /** The values of the headers {@code Link}, as far as they matter. */
    List<String> links() {
        return nextLink == null ? List.of() : List.of("<" + nextLink + ">; rel=\"next\"");
    }
}
