/** A run of a stream: its pages, how they commit, how it ends; and the streams of a context. */
@NullMarked
package io.keysetsync.run;

import org.jspecify.annotations.NullMarked;
