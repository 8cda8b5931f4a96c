// pg-boss with its default settings; the connection comes from PGHOST, PGPORT, PGUSER, PGPASSWORD, PGDATABASE.
//   node pg-boss.mjs migrate
//   node pg-boss.mjs enqueue SECONDS LANES      send, one job a call, a pool of LANES connections
import PgBoss from "pg-boss";
import { print, ratePerSecond } from "./measure.mjs";

const [verb, ...args] = process.argv.slice(2);
const verbs = { migrate, enqueue };
await verbs[verb]();
process.exit(0);

async function open(connections) {
  const { PGHOST: host, PGPORT: port, PGUSER: user, PGPASSWORD: password, PGDATABASE: database } = process.env;
  const boss = new PgBoss({ host, port: Number(port), user, password, database, max: connections });
  boss.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  await boss.start();
  return boss;
}

async function migrate() {
  const boss = await open(2);
  await boss.createQueue("noop");
  print({ migrated: true });
}

async function enqueue() {
  const [seconds, lanes] = args.map(Number);
  const boss = await open(lanes);
  let next = 0;
  const perSecond = await ratePerSecond(lanes, seconds, () => boss.send("noop", { entity_id: String(next++) }));
  print({ perSecond });
}
