/** Several windows of a stream at the same time, by one runner or more, against real databases and a real HTTP server. */
@NullMarked
package io.keysetsync.parallel;

import org.jspecify.annotations.NullMarked;
