/** Paths into a JSON record and notations of times, as tables of values. */
@NullMarked
package io.keysetsync.record;

import org.jspecify.annotations.NullMarked;
