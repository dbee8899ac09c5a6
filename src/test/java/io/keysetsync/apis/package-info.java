/** Well-known APIs, each as a server that behaves as the API's documentation says, synced as docs/apis.md shows. */
@NullMarked
package io.keysetsync.apis;

import org.jspecify.annotations.NullMarked;
