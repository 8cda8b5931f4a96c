// graphile-worker with its default settings (concurrentJobs 1, pollInterval 2000 ms, maxPoolSize 10, no local queue, no refetch delay);
// only its logger is silenced, which can but help it. The connection comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
//   node graphile-worker.mjs migrate
//   node graphile-worker.mjs drain                      runs what is queued: items a second from the first start to the empty queue
//   node graphile-worker.mjs enqueue SECONDS LANES      addJob, one job a call, a pool of LANES connections
//   node graphile-worker.mjs latency COUNT GAP_MS       milliseconds from before addJob to the task's first line
import { Logger, makeWorkerUtils, run, runOnce } from "graphile-worker";
import pg from "pg";
import { pause, percentile, print, ratePerSecond } from "./measure.mjs";

const logger = new Logger(() => () => {});
const [verb, ...args] = process.argv.slice(2);

const verbs = { migrate, drain, enqueue, latency };
await verbs[verb]();
process.exit(0);

async function migrate() {
  const utils = await makeWorkerUtils({ logger });
  await utils.migrate();
  await utils.release();
  print({ migrated: true });
}

async function drain() {
  let items = 0;
  let started = 0;
  const noop = () => {
    if (items++ === 0) started = performance.now();
  };
  await runOnce({ logger, taskList: { noop } });
  print({ items, perSecond: items / ((performance.now() - started) / 1000) });
}

async function enqueue() {
  const [seconds, lanes] = args.map(Number);
  const pgPool = new pg.Pool({ max: lanes });
  pgPool.on("error", fail);
  pgPool.on("connect", (client) => client.on("error", fail));
  const utils = await makeWorkerUtils({ logger, pgPool });
  let next = 0;
  const perSecond = await ratePerSecond(lanes, seconds, () => utils.addJob("noop", { entity_id: String(next++) }));
  print({ perSecond });
}

async function latency() {
  const [count, gap] = args.map(Number);
  const enqueuedAt = new Map();
  const waits = [];
  const noop = ({ entity_id }) => {
    waits.push(performance.now() - enqueuedAt.get(entity_id));
  };
  const runner = await run({ logger, taskList: { noop } });
  await pause(500);
  for (let next = 0; next < count; next++) {
    const entity_id = String(next);
    enqueuedAt.set(entity_id, performance.now());
    await runner.addJob("noop", { entity_id });
    await pause(gap);
  }
  while (waits.length < count) await pause(5);
  await runner.stop();
  print({ p50: percentile(waits, 0.5), p95: percentile(waits, 0.95) });
}

function fail(error) {
  console.error(error);
  process.exit(1);
}
