package io.keysetsync.sync;

import java.util.Set;

class H2FieldNamesTest extends FieldNamesContract {

    @Override
    TestDatabase database() {
        return TestDatabase.h2();
    }

    @Override
    Set<String> impossible() {
        return Set.of("", "x".repeat(257));
    }
}
