/** What differs between databases, and the tables beside the data. The only place that quotes names and writes SQL. */
@NullMarked
package io.keysetsync.database;

import org.jspecify.annotations.NullMarked;
