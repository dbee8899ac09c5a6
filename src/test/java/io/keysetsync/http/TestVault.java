package io.keysetsync.http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.apache.camel.spi.PropertiesFunction;

/** A function that Camel finds on the class path, as those of vaults; it gives its argument, decoded. */
public final class TestVault implements PropertiesFunction {

    @Override
    public String getName() {
        return "test-vault";
    }

    @Override
    public String apply(String remainder) {
        return URLDecoder.decode(remainder, StandardCharsets.UTF_8);
    }
}
