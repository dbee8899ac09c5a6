/** Looks at a stream that write nothing. */
@NullMarked
package io.keysetsync.inspect;

import org.jspecify.annotations.NullMarked;
