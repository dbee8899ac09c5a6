package io.keysetsync.inspect.discover;

import com.fasterxml.jackson.databind.JsonNode;
import io.keysetsync.table.Column;
import java.util.List;
import java.util.Map;

/**
 * How an API can be read.
 *
 * @param parameters of the source, those that the user has given included, without stream and url
 * @param primaryKey names of columns
 * @param records some, each once, in the order in which the API lists them
 * @param requests how many were sent
 */
public record Discovered(
        Map<String, String> parameters,
        List<String> primaryKey,
        List<Column> columns,
        List<Found> findings,
        List<JsonNode> records,
        int requests) {}
