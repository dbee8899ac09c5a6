/** What to ask next, proved alone. */
@NullMarked
package io.keysetsync.paging;

import org.jspecify.annotations.NullMarked;
