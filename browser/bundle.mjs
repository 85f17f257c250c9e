// Restores the packages of package-lock.json and bundles what the console's pages load from them on first use. Called by the build of src/Web
// (Browser.targets): node bundle.mjs WORK; WORK/wwwroot is what is served. Builds may run at the same time; the first one works, others wait for it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const entries = { 'yaml-editor': 'editor/yaml-editor.js' };
const browsers = ['chrome109', 'firefox115', 'safari16'];
const here = dirname(fileURLToPath(import.meta.url));
const work = resolve(process.argv[2]);
const lock = join(work, 'lock');
const served = join(work, 'wwwroot', 'bundles');
const unnamed = 10_000; // a lock that nobody has signed by then is nobody's

const sources = folder => readdirSync(join(here, folder), { withFileTypes: true })
  .flatMap(entry => entry.isDirectory() ? (entry.name === 'node_modules' ? [] : sources(join(folder, entry.name))) : [join(folder, entry.name)]).sort();

function hash(files) {
  const sum = createHash('sha256');
  for (const file of files) sum.update(file).update('\0').update(readFileSync(join(here, file))).update('\0');
  return sum.digest('hex');
}

const read = path => existsSync(path) ? readFileSync(path, 'utf8') : '';
const sleep = time => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, time);

function lives(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

// A folder can be made once only, on every file system. Whoever made it signs it, since a build that was ended takes nothing away.
function acquire() {
  for (;;) {
    try {
      mkdirSync(lock);
      writeFileSync(join(lock, 'pid'), String(process.pid));
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = read(join(lock, 'pid'));
    const made = statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Infinity;
    if (holder ? !lives(Number(holder)) : Date.now() - made > unnamed) rmSync(lock, { recursive: true, force: true });
    sleep(100);
  }
}

function restore() {
  const wanted = hash(['package.json', 'package-lock.json', '.npmrc']);
  const mark = join(work, 'restored');
  if (read(mark) === wanted) return;
  rmSync(mark, { force: true });
  // By a shell: on Windows npm is a script.
  execFileSync('npm', ['ci', '--ignore-scripts', '--prefer-offline', '--loglevel=error'],
    { cwd: work, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32', timeout: 4 * 60_000 });
  writeFileSync(mark, wanted);
}

// What a bundle is made of stands in it under these terms.
function licences(metafile) {
  const packages = new Set();
  for (const input of Object.keys(metafile.inputs)) {
    const parts = input.split('/');
    const at = parts.lastIndexOf('node_modules');
    if (at >= 0) packages.add(parts.slice(at + 1, at + (parts[at + 1].startsWith('@') ? 3 : 2)).join('/'));
  }
  return [...packages].sort().map(name => {
    const folder = join(work, 'node_modules', name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const text = readdirSync(folder).find(file => /^licen[cs]e/i.test(file));
    return `${name} ${version} (${license})\n\n${text ? readFileSync(join(folder, text), 'utf8').trim() : 'Its package has no text of the licence.'}\n`;
  }).join(`\n${'-'.repeat(80)}\n\n`);
}

function bundle() {
  const esbuild = createRequire(join(work, 'package.json'))('esbuild');
  const made = join(work, 'made');
  rmSync(made, { recursive: true, force: true });
  const { metafile } = esbuild.buildSync({
    absWorkingDir: work, entryPoints: entries, outdir: made, bundle: true, minify: true, format: 'esm', target: browsers, metafile: true, logLevel: 'silent',
    legalComments: 'none', charset: 'utf8',
  });
  writeFileSync(join(made, 'licences.txt'), licences(metafile));
  rmSync(served, { recursive: true, force: true });
  mkdirSync(dirname(served), { recursive: true });
  renameSync(made, served);
}

mkdirSync(work, { recursive: true });
acquire();
try {
  const all = sources('.');
  const wanted = hash(all);
  if (read(join(work, 'bundled')) !== wanted || Object.keys(entries).some(name => !existsSync(join(served, `${name}.js`)))) {
    rmSync(join(work, 'bundled'), { force: true });
    for (const file of all) cpSync(join(here, file), join(work, file));
    restore();
    bundle();
  }
  // Written also when nothing had to be done: its time tells the build so.
  writeFileSync(join(work, 'bundled'), wanted);
} catch (error) {
  // What was bundled from other sources is not served in their place.
  rmSync(served, { recursive: true, force: true });
  const said = error.code === 'ENOENT' && error.path === 'npm' ? 'npm was not found' : error.stderr?.length ? `npm ci: ${error.stderr}` : error.message;
  console.error(said.split('\n').map(line => line.replace(/npm (error|ERR!) ?/, '').trim()).filter(line => line).slice(0, 3).join('; ').slice(0, 400));
  process.exitCode = 1;
} finally {
  rmSync(lock, { recursive: true, force: true });
}
