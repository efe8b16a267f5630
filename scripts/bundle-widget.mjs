import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { root } from './lib/project.mjs';
import { secretNameIn } from './lib/secret-names.mjs';

/*
 * Bundles for browsers, from what the compiler left in dist/:
 *
 * dist/bundle/upload.js     the single script: merges into window.cloudinary
 * dist/bundle/parts/*.js    what it loads on demand, from beside it
 * dist/bundle/upload.mjs    the same widget as an ES module, with its own chunks
 * dist/bundle/text.json     the English texts
 *
 * The build fails when a bundle names a secret: no secret has any business in a page (threat model T3).
 */
const here = join(root, 'packages/widget');
const dist = join(here, 'dist');
const out = join(dist, 'bundle');
const work = join(dist, `bundle-${process.pid}`);

const modulesBelow = (folder) => readdirSync(join(dist, folder)).filter((name) => name.endsWith('.js'));
const partEntries = Object.fromEntries([
  ...[
    'crop',
    'url-source',
    'camera-source',
    'images',
    'encrypt',
    'diagnose',
    'dropped-folders',
    'unfinished',
    'search-source',
    'page-marks',
  ]
    .filter((name) => modulesBelow('parts').includes(`${name}.js`))
    .map((name) => [name, join(dist, 'parts', `${name}.js`)]),
  ...modulesBelow('locales')
    .map((name) => name.slice(0, -3))
    .filter((name) => !['en', 'text', 'tags'].includes(name))
    .map((name) => [`locale-${name}`, join(dist, 'locales', `${name}.js`)]),
]);

/** The single script is not split; its parts are addressed, not imported. */
const partsByAddress = {
  name: 'parts-by-address',
  enforce: 'pre',
  resolveId: (id) => (/(^|\/)load-parts\.js$/.test(id) ? join(dist, 'load-parts.global.js') : null),
};

/** Style sheets are texts to the minifier. */
const smallStyles = {
  name: 'small-styles',
  transform: (code, id) =>
    /styles\.js$/.test(id)
      ? code.replace(/`[^`]*`/g, (css) =>
          css
            .replace(/\s+/g, ' ')
            .replace(/ ?([{};,>]) ?/g, '$1')
            .replace(/;}/g, '}')
            .replace(/: /g, ':'),
        )
      : null,
};

async function bundle(entry, output, { plugins = [], format = 'es', minify = true } = {}) {
  await build({
    configFile: false,
    root: here,
    logLevel: 'error',
    publicDir: false,
    plugins: [smallStyles, ...plugins],
    define: { 'process.env.NODE_ENV': '"production"' },
    build: {
      target: 'es2022',
      outDir: work,
      emptyOutDir: false,
      minify: minify ? 'oxc' : false,
      modulePreload: false,
      lib: { entry, formats: [format], name: 'counterseal' },
      rolldownOptions: { output },
    },
  });
}

try {
  rmSync(work, { recursive: true, force: true });
  mkdirSync(work, { recursive: true });
  await bundle(
    join(dist, 'global.js'),
    { entryFileNames: 'upload.js' },
    { plugins: [partsByAddress], format: 'iife' },
  );
  await bundle(partEntries, { entryFileNames: 'parts/[name].js', chunkFileNames: 'chunks/[name]-[hash].js' });
  await bundle(
    { upload: join(dist, 'index.js') },
    { entryFileNames: '[name].mjs', chunkFileNames: 'chunks/[name]-[hash].mjs' },
  );
  const { en } = await import(join(dist, 'locales/en.js'));
  writeFileSync(join(work, 'text.json'), JSON.stringify({ en }));
  refuseSecrets();
  // In one step: a server may be reading.
  rmSync(out, { recursive: true, force: true });
  renameSync(work, out);
} finally {
  rmSync(work, { recursive: true, force: true });
}

function refuseSecrets() {
  const names = readdirSync(work, { recursive: true }).filter((name) => /\.m?js$/.test(name));
  for (const name of names) {
    const found = secretNameIn(readFileSync(join(work, name), 'utf8'));
    if (found !== null) throw new Error(`the widget bundle ${name} names a secret: ${found}`);
  }
}
