/** What to ask an API for, page after page, and what a page is. */
@NullMarked
package io.keysetsync.paging;

import org.jspecify.annotations.NullMarked;
