/** Retries quarantined records through the steps of their stream. */
@NullMarked
package io.keysetsync.quarantine;

import org.jspecify.annotations.NullMarked;
