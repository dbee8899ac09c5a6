package io.keysetsync.table;

import com.fasterxml.jackson.databind.JsonNode;

/** A value that doesn't fit its column exactly; its record is quarantined. */
final class UnfitValueException extends RuntimeException {

    private static final long serialVersionUID = 1L;
    private static final int LONGEST_SHOWN = 100;

    UnfitValueException(ColumnType type, JsonNode value, String why) {
        this(type.toString(), value, why);
    }

    UnfitValueException(String type, JsonNode value, String why) {
        super(type + " can't take " + shown(value) + ": " + why, null, false, false);
    }

    private static String shown(JsonNode value) {
        String text = value.toString();
        return text.length() <= LONGEST_SHOWN ? text : text.substring(0, LONGEST_SHOWN) + "…";
    }
}
