// What the peers' scripts share: lanes for a stated time, percentiles, and the one line of JSON on standard output.

/** Runs `lanes` loops of `step` for `seconds` and answers how many steps a second ended. */
export async function ratePerSecond(lanes, seconds, step) {
  let done = 0;
  const started = performance.now();
  const until = started + seconds * 1000;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < until) {
        await step();
        done++;
      }
    }),
  );
  return done / ((performance.now() - started) / 1000);
}

/** The nearest-rank percentile of `values`. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)];
}

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export function print(result) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}
