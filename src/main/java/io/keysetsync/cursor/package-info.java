/** The cursor: positions as instants, the stored mark, and how far a page moves it. Arithmetic without a database. */
@NullMarked
package io.keysetsync.cursor;

import org.jspecify.annotations.NullMarked;
