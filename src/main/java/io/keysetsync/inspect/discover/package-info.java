/** Finds out how to read an API of which only the URL is known. */
@NullMarked
package io.keysetsync.inspect.discover;

import org.jspecify.annotations.NullMarked;
