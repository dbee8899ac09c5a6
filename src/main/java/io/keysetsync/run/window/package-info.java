/** Windows of a stream that are asked for at the same time: how they are cut, claimed, and passed by the mark. */
@NullMarked
package io.keysetsync.run.window;

import org.jspecify.annotations.NullMarked;
