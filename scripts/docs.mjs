import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureBuilt } from './lib/build.mjs';
import { compatibilityPage } from './lib/docs/compatibility.mjs';
import { configurationPage } from './lib/docs/configuration.mjs';
import { errorsPage } from './lib/docs/errors.mjs';
import { movingPage } from './lib/docs/moving.mjs';
import { applySections } from './lib/docs/sections.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { root, say } from './lib/project.mjs';

/*
 * `npm run docs`: writes the generated sections of the pages from the tables in code. `--check` writes nothing and fails when a
 * page is out of date.
 */
const checkOnly = process.argv.includes('--check');

await ensureInstalled();
await ensureBuilt();

const tables = {
  ...(await load('protocol/dist/errors.js', ['errorTable'])),
  ...(await load('protocol/dist/params.js', ['operations', 'unsupportedActions'])),
  ...(await load('protocol/dist/transformation/vocabulary.js', ['vocabulary'])),
  ...(await load('server/dist/config/table.js', ['configTable'])),
};
const stale = [errorsPage, configurationPage, compatibilityPage, movingPage]
  .filter((page) => !isCurrent(page))
  .map((page) => page.path);
if (checkOnly && stale.length > 0) {
  process.stdout.write(`out of date: ${stale.join(', ')} (run 'npm run docs')\n`);
  process.exitCode = 1;
} else if (!checkOnly)
  process.stdout.write(stale.length > 0 ? `wrote ${stale.join(', ')}\n` : 'all pages are up to date\n');

/** Compares one page with its tables, and writes it unless only checking. A page is left alone while its table is not there. */
function isCurrent(page) {
  const path = join(root, page.path);
  const before = existsSync(path) ? readFileSync(path, 'utf8') : null;
  const after = applySections(before ?? page.start, page.sections(tables));
  if (before === after) return true;
  if (!checkOnly) {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, after);
  }
  return false;
}

async function load(path, names) {
  const file = join(root, 'packages', path);
  const module = existsSync(file) ? await import(pathToFileURL(file).href) : {};
  for (const name of names.filter((each) => module[each] === undefined))
    say(`no ${name} in packages/${path} yet`);
  return Object.fromEntries(names.map((name) => [name, module[name]]));
}
