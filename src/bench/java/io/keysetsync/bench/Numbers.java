package io.keysetsync.bench;

import java.util.Arrays;

/** A list of numbers in a system property. */
public final class Numbers {

    private Numbers() {}

    /** The numbers of a property, with commas between them; if it is empty, those of another list. */
    public static int[] of(String property, String otherwise) {
        String given = System.getProperty(property, "");
        return Arrays.stream((given.isEmpty() ? otherwise : given).split(","))
                .mapToInt(Integer::parseInt)
                .toArray();
    }
}
