package io.keysetsync.bench;

import java.time.OffsetDateTime;
import java.util.LinkedHashMap;
import java.util.Map;

/** A row of the shipped stream's table, as values. */
record User(
        String id,
        String name,
        String email,
        String address,
        String company,
        String job,
        OffsetDateTime updatedAt,
        OffsetDateTime createdAt) {

    /** The record as the API writes it. */
    Map<String, Object> json() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("id", id);
        fields.put("name", name);
        fields.put("email", email);
        fields.put("address", address);
        fields.put("company", company);
        fields.put("job", job);
        fields.put("createdAt", createdAt.toInstant().toString());
        fields.put("updatedAt", updatedAt.toInstant().toString());
        return fields;
    }
}
