/** Paging: decides what to ask an API for, page after page, and reads the pages. */
@NullMarked
package io.keysetsync.paging;

import org.jspecify.annotations.NullMarked;
