/** Asks APIs of many kinds how they page and filter: each finding, and its opposite. */
@org.jspecify.annotations.NullMarked
package io.keysetsync.inspect.probe;
