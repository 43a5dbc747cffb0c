// Several at once, and not all.

/**
 * Does something with each, so many at a time.
 * @throws the first failure, once those that had begun have ended; no further one is begun.
 */
export async function inParallel<Each>(
  these: readonly Each[],
  atOnce: number,
  use: (each: Each) => Promise<void>,
): Promise<void> {
  const rest = these.values();
  let failed = false;
  const lane = async () => {
    for (const each of rest) {
      if (failed) return;
      await use(each).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const lanes = Array.from({ length: Math.min(atOnce, these.length) }, lane);
  await Promise.allSettled(lanes);
  await Promise.all(lanes);
}
