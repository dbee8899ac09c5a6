/** The writing half: what {@code jdbc-upsert-sink.kamelet.yaml} leaves to Java. */
@NullMarked
package io.keysetsync.sink;

import org.jspecify.annotations.NullMarked;
