/** The cursor: positions as instants, what a page lets the cursor do, and the repository that keeps it. */
@NullMarked
package io.keysetsync.cursor;

import org.jspecify.annotations.NullMarked;
