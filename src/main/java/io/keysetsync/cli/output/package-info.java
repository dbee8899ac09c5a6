/** What commands print: tables, the progress line, the summary of {@code once}. */
@NullMarked
package io.keysetsync.cli.output;

import org.jspecify.annotations.NullMarked;
