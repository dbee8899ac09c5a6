/** Several nodes on one database: who runs what, and what becomes of it when a node stops, dies or has other streams. */
@NullMarked
package io.keysetsync.cluster;

import org.jspecify.annotations.NullMarked;
