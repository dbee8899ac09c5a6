/** The forms of the program's log. */
@NullMarked
package io.keysetsync.cli.log;

import org.jspecify.annotations.NullMarked;
