/** The standalone program's connections to its database. */
@NullMarked
package io.keysetsync.pool;

import org.jspecify.annotations.NullMarked;
