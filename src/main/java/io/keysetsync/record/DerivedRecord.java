package io.keysetsync.record;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * A record that a step of the stream has made of another one, its origin. The record's cursor is that of its origin,
 * whatever its fields are; and if the record can't be saved, the origin is what is set aside.
 */
@SuppressWarnings("unchecked") // what deepCopy overrides
public final class DerivedRecord extends ObjectNode {

    private static final long serialVersionUID = 1L;

    private final transient JsonNode origin;

    /**
     * Copies what a step has made, so that no later step changes the origin.
     *
     * @param made by the step
     * @param from the record that the step got; if that one is derived, its origin counts
     */
    public DerivedRecord(ObjectNode made, JsonNode from) {
        super(JsonNodeFactory.instance);
        this.origin = originOf(from);
        made.properties()
                .forEach(member -> set(member.getKey(), member.getValue().deepCopy()));
    }

    /** The record as it was before any step derived a record from it; the record itself if none did. */
    public static JsonNode originOf(JsonNode record) {
        return record instanceof DerivedRecord derived ? derived.origin : record;
    }

    @Override
    public ObjectNode deepCopy() {
        return new DerivedRecord(this, origin);
    }
}
