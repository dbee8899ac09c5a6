package io.keysetsync.request;

/**
 * A text of a request, and what stands in braces in it.
 *
 * @param text as the user or a setting has it
 */
public record RequestText(String text, Braces braces) {

    /** What braces around a word mean. */
    public enum Braces {
        /** A placeholder, which must be a known one. */
        PLACEHOLDER,
        /** A placeholder if it is a known one, else text, which may be part of a secret. */
        PLACEHOLDER_IF_KNOWN,
        /** Text. */
        TEXT
    }

    Placeholders placeholders() {
        return placeholders(text);
    }

    /** Reads a part of this text. */
    Placeholders placeholders(String part) {
        return switch (braces) {
            case PLACEHOLDER -> Placeholders.of(part);
            case PLACEHOLDER_IF_KNOWN -> Placeholders.ifKnown(part);
            case TEXT -> Placeholders.none(part);
        };
    }
}
