/** The documentation: what it repeats from the source must equal the source. */
@NullMarked
package io.keysetsync.docs;

import org.jspecify.annotations.NullMarked;
