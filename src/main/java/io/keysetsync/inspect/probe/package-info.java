/** Finds out how an API pages and filters: a probe asks one question after the other, each in a separate class. */
@NullMarked
package io.keysetsync.inspect.probe;

import org.jspecify.annotations.NullMarked;
