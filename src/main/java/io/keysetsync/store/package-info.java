/** What keyset-sync keeps in the database beside the data: runs and quarantined records, in the page's transaction. */
@NullMarked
package io.keysetsync.store;

import org.jspecify.annotations.NullMarked;
