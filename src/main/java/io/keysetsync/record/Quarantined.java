package io.keysetsync.record;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * A record that can't be saved and is set aside.
 *
 * @param record as received
 * @param reason why, with field, type and value
 */
public record Quarantined(JsonNode record, String reason) {}
