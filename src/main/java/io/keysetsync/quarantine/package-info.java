/** Puts records that were set aside through their stream again. */
@NullMarked
package io.keysetsync.quarantine;

import org.jspecify.annotations.NullMarked;
