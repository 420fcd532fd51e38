/*
 * Loaded before the server in its own process: answers each message of the parent with what memory is in use once the
 * garbage is gone. The server knows nothing of it.
 */
process.on("message", () => {
  void (async () => {
    // Finalizers and what they free take a turn of the event loop each.
    for (let round = 0; round < 4; round += 1) {
      globalThis.gc?.();
      await new Promise(setImmediate);
    }
    process.send?.(process.memoryUsage());
  })();
});
process.channel?.unref();
