/** Parts of the reading half that are easier to prove alone. */
@NullMarked
package io.keysetsync.source;

import org.jspecify.annotations.NullMarked;
