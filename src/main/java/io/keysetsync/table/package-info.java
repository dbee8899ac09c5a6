/** The table a stream goes to: its schema, the types of its columns, and records converted to them. */
@NullMarked
package io.keysetsync.table;

import org.jspecify.annotations.NullMarked;
