/** Looks at a stream's API and table without writing anything. */
@NullMarked
package io.keysetsync.inspect;

import org.jspecify.annotations.NullMarked;
