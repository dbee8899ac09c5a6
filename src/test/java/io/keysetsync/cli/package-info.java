/** Parts of the standalone program that need no process; as a whole, the packaged copy is tested. */
@NullMarked
package io.keysetsync.cli;

import org.jspecify.annotations.NullMarked;
