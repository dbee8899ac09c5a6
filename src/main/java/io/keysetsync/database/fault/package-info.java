/** What can go wrong with a database: its errors told apart, and the limits to waiting for it. */
@NullMarked
package io.keysetsync.database.fault;

import org.jspecify.annotations.NullMarked;
