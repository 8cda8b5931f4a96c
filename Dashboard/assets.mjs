// Copies the files that pages need from node_modules to wwwroot/lib: everything is served by us, no CDN.
//   node assets.mjs            copy (npm run build)
//   node assets.mjs --restore  npm ci first when needed; this is what the build calls, alone or twice at once
import { execSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const target = join(here, 'wwwroot', 'lib');
const stamp = join(target, '.stamp');
const claim = join(here, 'obj', 'assets.claim');

const files = {
  'tabler.min.css': '@tabler/core/dist/css/tabler.min.css',
  'tabler.rtl.min.css': '@tabler/core/dist/css/tabler.rtl.min.css',
  'htmx.min.js': 'htmx.org/dist/htmx.min.js',
  'inter-latin.woff2': '@fontsource-variable/inter/files/inter-latin-wght-normal.woff2',
  'noto-sans-arabic.woff2': '@fontsource-variable/noto-sans-arabic/files/noto-sans-arabic-arabic-wght-normal.woff2',
};

const inputs = () => ['package-lock.json', 'assets.mjs'].map(name => readFileSync(join(here, name), 'utf8')).join('\n');
const current = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === inputs();

function restore() {
  // The lock file has no address in it, so each machine uses the registry it is set up for.
  execSync('npm ci --ignore-scripts --no-audit --no-fund --loglevel=error', { cwd: here, stdio: ['ignore', 'inherit', 'inherit'] });
}

function copy() {
  const fresh = `${target}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  for (const [name, from] of Object.entries(files)) copyFileSync(join(modules, from), join(fresh, name));
  writeFileSync(join(fresh, '.stamp'), inputs());
  // A reader sees the old folder or the new one, never half of one.
  rmSync(target, { recursive: true, force: true });
  renameSync(fresh, target);
}

// Two builds at once would delete each other's node_modules: making a folder is the claim, its age tells an abandoned one.
function alone(work) {
  mkdirSync(dirname(claim), { recursive: true });
  const wait = new Int32Array(new SharedArrayBuffer(4));
  for (;;) {
    try {
      mkdirSync(claim);
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      try {
        if (Date.now() - statSync(claim).mtimeMs > 300_000) rmSync(claim, { recursive: true, force: true });
      } catch { /* released meanwhile */ }
      Atomics.wait(wait, 0, 0, 200);
    }
  }
  try {
    work();
  } finally {
    rmSync(claim, { recursive: true, force: true });
  }
}

alone(() => {
  if (!process.argv.includes('--restore')) return copy();
  if (current()) return;
  restore();
  copy();
});
