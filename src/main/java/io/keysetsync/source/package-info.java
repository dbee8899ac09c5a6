/** The reading half: what {@code keyset-sync-source.kamelet.yaml} leaves to Java. */
@NullMarked
package io.keysetsync.source;

import org.jspecify.annotations.NullMarked;
