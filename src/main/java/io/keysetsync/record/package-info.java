/** A JSON record: paths into it, the notations of its times, and a record that is set aside. */
@NullMarked
package io.keysetsync.record;

import org.jspecify.annotations.NullMarked;
