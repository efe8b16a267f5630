import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { build } from 'vite';
import { commandBundle } from './lib/command-bundle.mjs';
import { root } from './lib/project.mjs';

/*
 * The command with the server in a few files: packages/cli/dist/bundle/main.js, from what the compiler left in dist/.
 *
 * Nearly all of a start went into finding and reading 900 modules. What is published are the modules; the bundle is for `npm start` and
 * the tests, which start a server hundreds of times.
 */
const entry = join(root, 'packages/cli/dist/main.js');
const work = `${commandBundle}-${process.pid}`;
const keptMs = 24 * 60 * 60 * 1000;

/** Native, or loaded when first needed only. */
const external = [
  'sharp',
  '@photostructure/sqlite',
  'undici',
  // Fastify loads these when a route has a schema, or is called without a socket: never here.
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  'light-my-request',
];

/** A module goes on finding its files from where it was: what is beside it in dist/, its package's assets. */
const ownAddresses = {
  name: 'own-addresses',
  transform: (code, id) =>
    id.startsWith(join(root, 'packages')) && code.includes('import.meta.url')
      ? code.replaceAll('import.meta.url', `new URL('${relative(commandBundle, id)}', import.meta.url).href`)
      : null,
};

try {
  mkdirSync(work, { recursive: true });
  await build({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    plugins: [ownAddresses],
    ssr: { noExternal: true, external },
    build: {
      ssr: true,
      target: 'node20',
      outDir: work,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: { main: entry },
        output: { entryFileNames: '[name].js', chunkFileNames: '[name]-[hash].js' },
      },
    },
  });
  publish();
} finally {
  rmSync(work, { recursive: true, force: true });
}

/**
 * Servers may be starting, and those that run load a part now and then: the entry changes last, in one step, and what it no longer
 * names stays for a day.
 */
function publish() {
  const made = readdirSync(work).sort((a, b) => Number(a === 'main.js') - Number(b === 'main.js'));
  mkdirSync(commandBundle, { recursive: true });
  for (const name of made) renameSync(join(work, name), join(commandBundle, name));
  for (const name of readdirSync(commandBundle)) {
    const path = join(commandBundle, name);
    if (!made.includes(name) && Date.now() - statSync(path).mtimeMs > keptMs) rmSync(path);
  }
}
