import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'vite';
import { whyInstall } from '../../scripts/lib/install.mjs';
import { root } from '../../scripts/lib/project.mjs';
import { run } from '../../scripts/lib/run.mjs';

const folder = join(root, 'bench/peers-browser');

/** Contenders by the page that has them (bench/peers-browser/pages). */
export const browserContenders = [
  { name: 'Counterseal', page: 'counterseal' },
  { name: 'Uppy: core, dashboard, xhr-upload', page: 'uppy' },
  { name: 'FilePond with image plug-ins', page: 'filepond' },
  { name: 'Uploadcare file uploader', page: 'uploadcare' },
];

/** The versions in their lock file, installed when they are not there yet. */
export async function installBrowserPeers() {
  const lock = (path) => {
    try {
      return JSON.parse(readFileSync(join(folder, path), 'utf8'));
    } catch {
      return null;
    }
  };
  const reason = whyInstall(lock('package-lock.json'), lock('node_modules/.package-lock.json'));
  if (reason === null) return;
  process.stderr.write(`bench: installing the upload widgets to measure beside ours (${reason})\n`);
  const { code } = await run(
    'npm',
    ['ci', '--prefix', folder, '--no-audit', '--no-fund', '--loglevel=error'],
    {
      output: 'inherit',
    },
  );
  if (code !== 0) throw new Error(`npm ci in bench/peers-browser ended with ${code}`);
}

/** Bundles one page, every contender with the same settings. Answers the gzipped bytes of what it loads at once, and later. */
export async function bundlePage(page, outDir) {
  const { output } = await build({
    configFile: false,
    root: folder,
    base: `/${page}/`,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: 'es2022',
      minify: 'oxc',
      cssCodeSplit: false,
      outDir: join(outDir, page),
      rolldownOptions: {
        input: join(folder, 'pages', `${page}.js`),
        output: { entryFileNames: 'page.js', assetFileNames: 'assets/[name][extname]' },
      },
    },
  });
  const chunks = new Map(
    output.filter(({ type }) => type === 'chunk').map((chunk) => [chunk.fileName, chunk]),
  );
  const atOnce = new Set();
  const follow = (name) => {
    if (atOnce.has(name)) return;
    atOnce.add(name);
    for (const next of chunks.get(name)?.imports ?? []) follow(next);
  };
  follow('page.js');
  const sizeOf = (item) => gzipSync(item.type === 'chunk' ? item.code : item.source, { level: 9 }).length;
  const sum = (items) => items.reduce((total, item) => total + sizeOf(item), 0);
  const styles = output.filter(({ fileName }) => fileName.endsWith('.css'));
  const scripts = [...chunks.values()];
  return {
    styles: styles.map(({ fileName }) => fileName),
    scriptBytes: sum(scripts.filter(({ fileName }) => atOnce.has(fileName))),
    styleBytes: sum(styles),
    laterBytes: sum(scripts.filter(({ fileName }) => !atOnce.has(fileName))),
  };
}

/** Takes the bundles away again. */
export function removeBundles(outDir) {
  rmSync(outDir, { recursive: true, force: true });
}
