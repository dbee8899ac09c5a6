package io.keysetsync.run;

/**
 * A stream's table, ready for the pages of one run. A run keeps it for its sink, which alone knows what is in it. So two
 * runs in one context (a quarantine retry or a preview beside a run) can't change each other's columns.
 */
public interface PreparedTable {}
