/** The beginning and the end of runs: those under way, their reports, their names in the log, their schedule. */
@NullMarked
package io.keysetsync.run.lifecycle;

import org.jspecify.annotations.NullMarked;
