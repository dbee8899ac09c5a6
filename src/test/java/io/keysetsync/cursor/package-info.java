/** The arithmetic of the cursor, without API and database. */
@NullMarked
package io.keysetsync.cursor;

import org.jspecify.annotations.NullMarked;
