package io.keysetsync.parameters;

import org.apache.camel.spi.PropertiesFunction;
import org.jspecify.annotations.Nullable;

/** A function of placeholders that refuses what Camel would change, and knows the unchanged value as well. */
public interface LiteralFunction extends PropertiesFunction {

    /** Returns the value as it is, for {@link LiteralSetting}; null if there is none. */
    @Nullable
    String literal(String remainder);
}
