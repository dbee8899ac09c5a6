/** Parts of the room of runs that are easier to prove alone. */
@NullMarked
package io.keysetsync.run.lifecycle;

import org.jspecify.annotations.NullMarked;
