/** A JSON record: paths into it, the notations of its times, and records that are set aside. */
@NullMarked
package io.keysetsync.record;

import org.jspecify.annotations.NullMarked;
