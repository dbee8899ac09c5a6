/** Several nodes that share the streams' runs: Quartz's clustered job store in the streams' database. */
@NullMarked
package io.keysetsync.cluster;

import org.jspecify.annotations.NullMarked;
