import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'vite';

const root = fileURLToPath(new URL('../../..', import.meta.url));

export type SvelteVersion = 4 | 5;

/** Where imports of `svelte` are resolved from. */
const importers = {
  4: join(root, 'test/frameworks/svelte-4/package.json'),
  5: join(root, 'packages/svelte/package.json'),
} as const;

/** What shows the page: Svelte 5 mounts it, Svelte 4 makes an instance. */
const starts = {
  4: (page: string) => `import Page from '${page}'; new Page({ target: document.getElementById('app') });`,
  5: (page: string) =>
    `import { mount } from 'svelte'; import Page from '${page}'; mount(Page, { target: document.getElementById('app') });`,
} as const;

/** What answers the page's HTML: an ES module with `html`. */
const renders = {
  4: (page: string) => `import Page from '${page}'; export const html = Page.render().html;`,
  5: (page: string) =>
    `import { render } from 'svelte/server'; import Page from '${page}'; export const html = render(Page).body;`,
} as const;

const entryId = 'virtual:page';

/** The page, compiled by the compiler of one Svelte and bundled with everything it imports. Answers code by file name. */
export async function buildSveltePage(
  page: string,
  version: SvelteVersion,
  target: 'client' | 'server' = 'client',
): Promise<ReadonlyMap<string, string>> {
  const isServer = target === 'server';
  const built = await build({
    configFile: false,
    root: dirname(page),
    logLevel: 'error',
    plugins: [await svelteOf(version, isServer), entryOf((isServer ? renders : starts)[version](page))],
    ...(isServer ? { ssr: { noExternal: true } } : {}),
    build: {
      write: false,
      minify: false,
      ssr: isServer,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: { input: entryId, output: { entryFileNames: 'page.js', chunkFileNames: '[name].js' } },
    },
  });
  const outputs = [built].flat().flatMap((each) => ('output' in each ? each.output : []));
  return new Map(outputs.flatMap((each) => (each.type === 'chunk' ? [[each.fileName, each.code]] : [])));
}

function entryOf(code: string): Plugin {
  return {
    name: 'entry',
    resolveId: (id) => (id === entryId ? `\0${id}` : null),
    load: (id) => (id === `\0${entryId}` ? code : null),
  };
}

/** The compiler itself, and nothing of another Svelte beside it. */
async function svelteOf(version: SvelteVersion, isServer: boolean): Promise<Plugin> {
  const compilerPath = createRequire(importers[version]).resolve('svelte/compiler');
  const { compile } = (await import(compilerPath)) as {
    compile(code: string, options: object): { readonly js: { readonly code: string } };
  };
  const generate = { client: version === 4 ? 'dom' : 'client', server: version === 4 ? 'ssr' : 'server' };
  return {
    name: `svelte-${version}`,
    enforce: 'pre',
    resolveId(id) {
      const isSvelte = id === 'svelte' || id.startsWith('svelte/');
      return isSvelte ? this.resolve(id, importers[version], { skipSelf: true }) : null;
    },
    transform: (code, id) =>
      id.endsWith('.svelte')
        ? compile(code, {
            ...{ filename: id, css: 'injected' },
            generate: isServer ? generate.server : generate.client,
          }).js.code
        : null,
  };
}
