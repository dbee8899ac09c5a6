/** The shipped YAML files, end to end: a real HTTP server, and each real database. Tests assert rows and cursor. */
@NullMarked
package io.keysetsync.sync;

import org.jspecify.annotations.NullMarked;
