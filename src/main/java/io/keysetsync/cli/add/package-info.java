/** Writes the files of a new stream. */
@NullMarked
package io.keysetsync.cli.add;

import org.jspecify.annotations.NullMarked;
