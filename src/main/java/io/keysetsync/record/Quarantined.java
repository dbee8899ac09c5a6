package io.keysetsync.record;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A record that can't be saved as it is and is set aside instead.
 *
 * @param record as received
 * @param reason names field, type and value
 */
public record Quarantined(JsonNode record, String reason) {}
