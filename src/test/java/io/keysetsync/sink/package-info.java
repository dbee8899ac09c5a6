/** Parts of the writing half that are easier to prove alone. */
@NullMarked
package io.keysetsync.sink;

import org.jspecify.annotations.NullMarked;
