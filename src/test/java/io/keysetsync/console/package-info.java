/** The console of a program, asked by HTTP. */
package io.keysetsync.console;
